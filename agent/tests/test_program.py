"""The program as it is installed: started, measured, walked through over HTTP, stopped."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from agent.tests.stage import NEW_PIN, Stage, pin_works

from kilitcoz_agent.local_key import true_service

COMMAND = str(Path(sys.executable).with_name("kilitcoz-agent"))
IDLE_MIB = 60


class Program:
    """A running `kilitcoz-agent run`, spoken to as the local page's script does."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port
        self._origin = f"http://127.0.0.1:{port}"
        match = re.search(r'name="page-token" content="([^"]+)"', self._ask("GET", "/").decode())
        assert match is not None
        self._token = match[1]

    def does(self, action: str, **fields: str) -> dict[str, Any]:
        """One act."""
        return json.loads(self._ask("POST", f"/api/{action}", json.dumps(fields)))  # type: ignore[no-any-return]  # JSON

    def sees(self, screen: str) -> dict[str, Any]:
        """Follow until this screen is shown."""
        version = -1
        for _ in range(100):
            view: dict[str, Any] = json.loads(self._ask("GET", f"/api/view?after={version}"))
            if view["screen"] == screen:
                return view
            version = view["version"]
        raise AssertionError(f"waited for {screen}")

    def has_read(self, question: http.client.HTTPConnection) -> bool:
        """All that was sent on it: its end of the connection has nothing waiting."""
        ours = question.sock.getsockname()[1]
        line = f"0100007F:{self.port:04X} 0100007F:{ours:04X} 01 00000000:00000000"
        return line in Path("/proc/net/tcp").read_text(encoding="ascii")

    def stops(self) -> str:
        """End it as the system does; what it wrote on stderr."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=15)[1]

    def resident_mib(self) -> float:
        """Resident memory."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024

    def asks(self, method: str, path: str, body: str | None = None) -> http.client.HTTPConnection:
        """A question sent; its answer is still to come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"x-kilitcoz-page": getattr(self, "_token", "")}
        if body is not None:
            headers |= {"origin": self._origin, "content-type": "application/json"}
        connection.request(method, path, body, headers)
        return connection

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        connection = self.asks(method, path, body)
        answer = connection.getresponse()
        try:
            assert answer.status == 200, answer.read()
            return answer.read()
        finally:
            connection.close()


@contextmanager
def program(stage: Stage, *options: str) -> Iterator[Program]:
    """Start the program for this stage's cards and directory."""
    host, port = stage.servers[0].address
    command = [COMMAND, "run", "--reader", f"sim:{host}:{port}", *options]
    environment = {**os.environ, "KILITCOZ_AGENT_DIR": str(stage.files.directory)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline()
        try:
            yield Program(process, int(address.rstrip("/\n").rpartition(":")[2]))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


@pytest.fixture
def free_port() -> str:
    from kilitcoz_agent.server import bind_loopback

    listeners = bind_loopback(0)
    port = listeners[0].getsockname()[1]
    for each in listeners:
        each.close()
    return str(port)


def test_the_installed_program_unlocks_a_card_and_leaves_nothing_secret_behind(
    tmp_path: Path, free_port: str
) -> None:
    with Stage(tmp_path) as stage, stage.portal.served():
        stage.trust.pin(stage.portal.pinned)
        with program(stage, "--port", free_port) as running:
            assert running.port == int(free_port)
            running.does("open", capability=stage.portal.capability())
            running.sees("new-pin")
            running.does("set-pin", pin=NEW_PIN, repeat=NEW_PIN)
            running.sees("done")
            after_the_deed = running.resident_mib()
            written = running.stops()
        assert running.process.returncode == 0
        assert not stage.files.service.exists()
    assert pin_works(stage.card)
    for secret in (NEW_PIN, stage.portal.card.puk, stage.portal.puk, "Bearer", "eyJ"):
        assert secret not in written
    events = [json.loads(line)["event"] for line in written.splitlines()]
    assert events[0] == "service-starting"
    assert {"operation-opened", "transaction-done", "result-delivered"} <= set(events)
    assert after_the_deed <= IDLE_MIB + 6, "HTTP, TLS and HPKE are loaded by the first operation"


def test_the_program_idles_below_sixty_mebibytes(tmp_path: Path, free_port: str) -> None:
    with Stage(tmp_path) as stage, program(stage, "--port", free_port) as running:
        assert running.resident_mib() <= IDLE_MIB


def test_a_page_that_waits_for_news_is_answered_when_the_program_ends(tmp_path: Path, free_port: str) -> None:
    with Stage(tmp_path) as stage, program(stage, "--port", free_port) as running:
        version = running.sees("start")["version"]
        waiting = running.asks("GET", f"/api/view?after={version}")
        while not running.has_read(waiting):
            time.sleep(0.01)
        running.stops()
        assert json.loads(waiting.getresponse().read())["screen"] == "start"
        waiting.close()


def test_a19_with_the_usual_port_taken_the_program_runs_elsewhere_and_says_so(tmp_path: Path) -> None:
    import socket

    with Stage(tmp_path) as stage:
        squatter = socket.socket()
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            squatter.bind(("127.0.0.1", 35853))
            squatter.listen()
        except OSError:
            pytest.skip("somebody else is on the usual port already")
        with squatter, program(stage) as running:
            assert running.port != 35853
            service = true_service(stage.files.service)
            assert service is not None
            assert service.port == running.port
            running.does("open", capability=stage.portal.capability(aud="x"))


def test_a_second_service_of_the_same_user_is_refused_with_the_address_of_the_first(
    tmp_path: Path, free_port: str
) -> None:
    with Stage(tmp_path) as stage, program(stage, "--port", free_port):
        environment = {**os.environ, "KILITCOZ_AGENT_DIR": str(stage.files.directory)}
        second = subprocess.run(
            [COMMAND, "run", "--port", "35999"], env=environment, capture_output=True, text=True, check=False
        )
        assert second.returncode == 1
        assert f"127.0.0.1:{free_port}" in second.stderr


def test_the_scheme_starts_a_service_where_none_runs(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        environment = {**os.environ, "KILITCOZ_AGENT_DIR": str(stage.files.directory)}
        address = f"kilitcoz://op#cap={stage.portal.capability()}"
        done = subprocess.run(
            [COMMAND, "open", address, "--no-browser"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        try:
            assert done.returncode == 0, done.stderr
            service = true_service(stage.files.service)
            assert service is not None
            assert f":{service.port}/" in done.stdout
        finally:
            running = true_service(stage.files.service)
            if running is not None:
                os.kill(running.process_id, signal.SIGTERM)
