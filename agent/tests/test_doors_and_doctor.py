"""The second door, the squatter on the port (A19), the desktop's entry, and what the doctor finds."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from agent.tests.counterpart import CounterpartPortal
from agent.tests.stage import Stage, make_card
from typer.testing import CliRunner

from kilitcoz_agent.cli import app
from kilitcoz_agent.commands import doctor
from kilitcoz_agent.commands.desktop import install
from kilitcoz_agent.commands.doctor import Check, examine
from kilitcoz_agent.commands.open import capability_of, hand_over, open_address
from kilitcoz_agent.errors import CapabilityRefused, PortTaken, ReaderServiceMissing, ServiceNotStarted
from kilitcoz_agent.local_key import announce, running_service, true_service, withdraw
from kilitcoz_agent.operation.operation import Door
from kilitcoz_agent.readers.options import readers_from_options
from kilitcoz_agent.readers.port import Statuses
from kilitcoz_agent.readers.simulated import SimulatedReaders
from kilitcoz_agent.server import bind_loopback, server_for
from kilitcoz_agent.service import CardService
from kilitcoz_agent.settings import AgentFiles
from kilitcoz_agent.trust import TrustStore
from kilitcoz_agent.web.app import local_app


@contextmanager
def running(stage: Stage) -> Iterator[CardService]:
    """A card service on a free port, served for real."""
    sockets = bind_loopback(0)
    local = announce(stage.files.service, sockets[0].getsockname()[1])
    service = stage.service()
    server = server_for(local_app(service, local), service.hold_nobody)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=sockets)))
    thread.start()
    try:
        yield service
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def squatter() -> Iterator[tuple[int, list[bytes]]]:
    """Another program on a port: it answers everything with 200 and keeps what it hears."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(65536))
                connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"proof": "ab"}')

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.fixture(autouse=True)
def _signals_are_the_main_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kilitcoz_agent.server.signal.signal", lambda *_: None)


def test_a_link_of_our_scheme_reaches_the_running_service(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage, running(stage) as service:
        address = f"kilitcoz://op#cap={stage.portal.capability()}"
        page = open_address(stage.files, address, browser=False)
        local = running_service(stage.files.service)
        assert local is not None
        assert page == f"http://127.0.0.1:{local.port}/"
        assert service.operation is not None
        assert service.operation.door is Door.SCHEME


@pytest.mark.parametrize(
    "address",
    [
        "kilitcoz://op",
        "kilitcoz://op#cap=",
        "kilitcoz://op#cap=a.b",
        "kilitcoz://op#cap=a.b.c&x=1",
        "kilitcoz://evil#cap=a.b.c",
        "kilitcoz://op/path#cap=a.b.c",
        "https://op#cap=a.b.c",
        "--help",
        "",
    ],
)
def test_an_address_that_is_not_ours_is_refused(address: str) -> None:
    with pytest.raises(CapabilityRefused):
        capability_of(address)


def test_browsers_may_add_a_slash_to_the_address() -> None:
    assert capability_of("kilitcoz://op/#cap=a.b.c") == "a.b.c"


def test_a19_a_squatter_on_the_announced_port_is_not_taken_for_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def does_not_start(_: AgentFiles) -> None:
        raise ServiceNotStarted

    with Stage(tmp_path) as stage, squatter() as (port, heard):
        announce(stage.files.service, port)
        assert true_service(stage.files.service) is None
        monkeypatch.setattr("kilitcoz_agent.commands.open.start_service", does_not_start)
        capability = stage.portal.capability()
        with pytest.raises(ServiceNotStarted):
            open_address(stage.files, f"kilitcoz://op#cap={capability}", browser=False)
        assert heard, "it was asked for a proof"
        assert capability.encode() not in b"".join(heard), "and told nothing else"


def test_a19_a_service_whose_port_is_taken_does_not_share_it(tmp_path: Path) -> None:
    with squatter() as (port, _), pytest.raises(PortTaken):
        bind_loopback(port)


def test_a19_half_of_a_port_is_not_enough() -> None:
    six = socket.socket(socket.AF_INET6)
    six.bind(("::1", 0))
    six.listen()
    with six, pytest.raises(PortTaken):
        bind_loopback(six.getsockname()[1])


def test_only_loopback_addresses_are_listened_on() -> None:
    listeners = bind_loopback(0)
    assert [each.getsockname()[0] for each in listeners] == ["127.0.0.1", "::1"]
    for each in listeners:
        each.close()


def test_no_answer_waits_for_the_acknowledgement_of_another() -> None:
    listeners = bind_loopback(0)

    async def story() -> int:
        accepted: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
        server = await asyncio.start_server(lambda _, writer: accepted.put_nowait(writer), sock=listeners[0])
        async with server:
            _, ours = await asyncio.open_connection(*listeners[0].getsockname())
            theirs = await accepted.get()
            connection: socket.socket = theirs.get_extra_info("socket")
            no_delay = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            ours.close()
            theirs.close()
            return no_delay

    assert asyncio.run(story())
    listeners[1].close()


def test_a_capability_handed_over_twice_opens_once(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage, running(stage) as service:
        local = running_service(stage.files.service)
        assert local is not None
        hand_over(local, stage.portal.capability())
        first = service.operation
        hand_over(local, stage.portal.capability())
        assert service.operation is first


def test_the_announcement_is_its_users_alone_and_goes_with_the_service(tmp_path: Path) -> None:
    path = tmp_path / "service.json"
    service = announce(path, 1)
    assert path.stat().st_mode & 0o077 == 0
    assert service.key.hex() not in repr(service)
    withdraw(path)
    assert not path.exists()


def test_the_desktop_entry_opens_our_scheme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("kilitcoz_agent.commands.desktop.shutil.which", lambda *_, **__: None)
    entry, autostart = (path.read_text(encoding="utf-8") for path in install(autostart=True))
    assert "MimeType=x-scheme-handler/kilitcoz;" in entry
    assert 'kilitcoz_agent" open %u' in entry
    assert autostart.strip().splitlines()[4].endswith(" run")


def test_paths_are_quoted_for_the_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    from kilitcoz_agent.commands import desktop

    monkeypatch.setattr(desktop.shutil, "which", lambda *_, **__: '/opt/a "b" $c 100%/kilitcoz-agent')
    assert desktop.own_command() == '"/opt/a \\\\"b\\\\" \\\\$c 100%%/kilitcoz-agent"'


class NoService:
    """A machine without a PC/SC service."""

    def statuses(self) -> Statuses:
        raise ReaderServiceMissing


def found(checks: list[Check]) -> dict[str, str]:
    return {check.found: check.level for check in checks}


def test_the_doctor_finds_everything_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Stage(tmp_path) as stage, stage.portal.served() as origin:
        (tmp_path / "agent").chmod(0o700)
        stage.files.trust.unlink()
        TrustStore(stage.files.trust).pin(stage.portal.pinned)
        with running(stage):
            local = running_service(stage.files.service)
            assert local is not None
            monkeypatch.setattr(doctor, "DEFAULT_PORT", local.port)
            checks = examine(stage.files, stage.readers, now=stage.portal.now)
        assert {check.level for check in checks} == {"ok"}
        assert {check.what for check in checks} == {
            "directory", "service", "reader-service", "readers", "cards", "trust", "portal", "clock",
        }  # fmt: skip
        assert any(check.values.get("origin") == origin for check in checks)
        assert any(check.values.get("serial") == stage.portal.card.serial for check in checks)
        stage.readers.close()


def test_the_doctor_burns_no_try(tmp_path: Path) -> None:
    with Stage(tmp_path, blocked=False) as stage:
        before = (stage.card.state.pin.retries_left, stage.card.state.puk.retries_left)
        list(doctor._readers(stage.readers))
        assert (stage.card.state.pin.retries_left, stage.card.state.puk.retries_left) == before
        stage.readers.close()


def test_the_doctor_names_what_is_missing(tmp_path: Path) -> None:
    checks = examine(AgentFiles(tmp_path / "nowhere"), NoService(), now=0)  # type: ignore[arg-type]  # asked for nothing
    assert found(checks)["reader-service-missing"] == "fault"
    assert found(checks)["trust-none"] == "fault"


def test_the_doctor_tells_a_squatter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with squatter() as (port, _):
        monkeypatch.setattr(doctor, "DEFAULT_PORT", port)
        assert found(list(doctor._service(AgentFiles(tmp_path)))) == {"service-squatted": "fault"}


def test_the_doctor_compares_clocks_and_keys(tmp_path: Path) -> None:
    portal = CounterpartPortal(make_card()[1], now=time.time())
    with portal.served(clock_offset=-95.0):
        levels = found(list(doctor._portal(portal.pinned, portal.now)))
        assert levels == {"portal-reached": "ok", "clock-wrong": "fault"}
        other = CounterpartPortal(make_card()[1], now=portal.now, origin=portal.origin)
        assert found(list(doctor._portal(other.pinned, portal.now)))["portal-keys-changed"] == "fault"
    assert found(list(doctor._portal(portal.pinned, portal.now))) == {"portal-unreached": "fault"}


def test_the_doctor_speaks_json_and_its_exit_code_says_whether_anything_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KILITCOZ_AGENT_DIR", str(tmp_path))
    done = CliRunner().invoke(app, ["doctor", "--json", "--reader", "sim:127.0.0.1:1", "--lang", "en"])
    assert done.exit_code == 1
    rows = json.loads(done.output)
    assert {"what", "check", "level", "code", "found", "next_step"} == set(rows[0])
    faults = [row for row in rows if row["level"] == "fault"]
    assert faults
    assert all(row["next_step"] for row in faults)


def test_the_readers_command_tells_the_card(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        host, port = stage.servers[0].address
        done = CliRunner().invoke(app, ["readers", "--reader", f"sim:{host}:{port}"])
        assert stage.portal.card.serial in done.output
        stage.slots[0].remove()
        assert "kart yok" in CliRunner().invoke(app, ["readers", "--reader", f"sim:{host}:{port}"]).output


@pytest.mark.parametrize("option", ["sim:", "sim:host", "sim:host:port", "usb", "pcsc,sim:h:1"])
def test_readers_that_cannot_be_meant_are_refused(option: str) -> None:
    with pytest.raises(ValueError, match="reader"):
        readers_from_options([option])


def test_simulated_readers_may_be_several() -> None:
    assert isinstance(readers_from_options(["sim:127.0.0.1:1", "sim:[::1]:2"]), SimulatedReaders)
