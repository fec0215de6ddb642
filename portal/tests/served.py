"""Real portal processes on the test's own database: what one counts, the other must see."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from demo.ports import free_port
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from kilitcoz_portal import keyfiles

SECONDS_TO_START = 60


def secret_key() -> str:
    """The SECRET_KEY that the processes read; the test must use it too, for what both sign and hash."""
    return keyfiles.load_or_create(settings.KILITCOZ_DATA_DIR / "secret.key").hex()


@contextmanager
def portal_processes(count: int) -> Iterator[list[str]]:
    """So many `kilitcoz serve`, each at an origin of its own; `default` is their database, too."""
    with ExitStack() as held:
        origins, processes = [], []
        for _ in range(count):
            port = free_port(held)
            log = held.enter_context(Path(settings.KILITCOZ_DATA_DIR / f"portal-{port}.log").open("w"))
            origins.append(f"http://127.0.0.1:{port}")
            processes.append(_start(port, log))
            held.callback(_end, processes[-1])
        for origin, process in zip(origins, processes, strict=True):
            _wait_for(origin, process)
        yield origins


def _start(port: int, log: Any) -> subprocess.Popen[bytes]:
    return kilitcoz("serve", port, log)


def kilitcoz(command: str, port: int, log: Any) -> subprocess.Popen[bytes]:
    """One of the commands that serve, with the test's key files and database."""
    serving = [str(Path(sys.executable).with_name("kilitcoz")), command, "--port", str(port)]
    ours = {
        "KILITCOZ_DATA_DIR": str(settings.KILITCOZ_DATA_DIR),
        "KILITCOZ_ORIGIN": f"http://127.0.0.1:{port}",
        "KILITCOZ_SMS_GATEWAY": "outbox",
        "KILITCOZ_LANGUAGE": "tr",
        "DATABASE_URL": _database_url(),
    }
    return subprocess.Popen(serving, env={**os.environ, **ours}, stdout=log, stderr=log)


def _database_url() -> str:
    database = connections[DEFAULT_DB_ALIAS].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return f"sqlite:///{database['NAME']}"
    folder = database["OPTIONS"].get("host") or database["HOST"]
    return f"postgres://{database['USER']}@/{database['NAME']}?host={folder}"


def _wait_for(origin: str, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            if httpx.get(f"{origin}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"no portal at {origin} (exit status {process.poll()})")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)
