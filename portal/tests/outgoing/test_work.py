"""`kilitcoz work` as a process of its own, against a web service: racing, stopped, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.utils import timezone
from portal.tests.marks import ON_BOTH
from portal.tests.sms.web_service import WebService, web_service
from pytest_django import Settings

from kilitcoz_portal.outgoing import sweeping
from kilitcoz_portal.outgoing.models import Message, State
from kilitcoz_portal.sms import services
from kilitcoz_portal.sms.channel import SMS

pytestmark = ON_BOTH

TABLE = """
[first]
kind = "http"
url = "{url}"
timeout = 30

[first.form]
to = "{{phone}}"
message = "{{text}}"

[first.accepted]
body = "^00 "
"""
Worker = subprocess.Popen[bytes]


@pytest.fixture
def service() -> Iterator[WebService]:
    with web_service() as running:
        yield running


@pytest.fixture
def start(service: WebService, tmp_path: Path, settings: Settings) -> Iterator[Callable[..., Worker]]:
    """Starts a worker process on the tests' own database, ready; none outlives the test."""
    file = tmp_path / "gateways.toml"
    file.write_text(TABLE.format(url=service.url), encoding="utf-8")
    settings.KILITCOZ_SMS_GATEWAY = "first"
    settings.KILITCOZ_SMS_GATEWAYS_FILE = str(file)
    environment = os.environ | {
        "KILITCOZ_DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": database_url(),
        "KILITCOZ_SMS_GATEWAY": "first",
        "KILITCOZ_SMS_GATEWAYS_FILE": str(file),
    }
    command = [str(Path(sys.executable).with_name("kilitcoz")), "work"]
    with ExitStack() as started:

        def start(threads: int = 2) -> Worker:
            arguments = [*command, "--threads", str(threads)]
            worker = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE)
            started.enter_context(worker)
            started.callback(worker.kill)
            assert worker.stdout is not None
            assert worker.stdout.readline().startswith(b"working")
            return worker

        yield start


def database_url() -> str:
    """Of the database that this test runs on."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://kilitcoz@/{name}?host={connection.settings_dict['OPTIONS']['host']}"


def queue(text: str = "kod 123456") -> None:
    services.queue_code("+905321234567", text, purpose="login", now=timezone.now())


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_a13_two_processes_race_and_each_message_leaves_once(
    service: WebService, start: Callable[..., Worker]
) -> None:
    workers = [start(), start()]
    for number in range(12):
        queue(f"kod {number}")
    wait_for(lambda: states() == [State.ACCEPTED] * 12)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(30) for worker in workers] == [0, 0]
    said = [parse_qs(asked.body.decode())["message"][0] for asked in service.asked]
    assert sorted(said) == sorted(f"kod {number}" for number in range(12))


def test_sigterm_lets_what_is_on_its_way_end_and_takes_nothing_more(
    service: WebService, start: Callable[..., Worker]
) -> None:
    service.silent = True
    worker = start(threads=1)
    queue()
    wait_for(lambda: len(service.asked) == 1)
    worker.send_signal(signal.SIGTERM)
    queue()
    service.speak.set()
    assert worker.wait(30) == 0
    assert states() == [State.ACCEPTED, State.QUEUED]
    assert len(service.asked) == 1


def test_a13_killed_while_it_waits_for_the_answer_it_leaves_doubt_and_no_second_message(
    service: WebService, start: Callable[..., Worker]
) -> None:
    service.silent = True
    killed = start(threads=1)
    queue()
    wait_for(lambda: len(service.asked) == 1)
    killed.kill()
    killed.wait(30)
    service.silent = False
    service.speak.set()
    assert states() == [State.SENDING]
    start()
    queue("kod 654321")
    wait_for(lambda: states() == [State.SENDING, State.ACCEPTED])
    assert sweeping.sweep(SMS, timezone.now() + sweeping.OVERDUE).in_doubt == 1
    assert states() == [State.IN_DOUBT, State.ACCEPTED]
    assert len(service.asked) == 2
