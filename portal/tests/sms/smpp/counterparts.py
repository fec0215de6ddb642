"""Who is at the other end: a real SMSC in a process of its own, and one that lies."""

from __future__ import annotations

import json
import queue
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[4]
WAIT = 30.0
RESPONSE = 0x8000_0000
SUBMIT_SM, DELIVER_SM, UNBIND, BIND_TRANSCEIVER, ENQUIRE_LINK = 4, 5, 6, 9, 0x15


@dataclass
class RealSmsc:
    """A running server: what it was told, and what it tells."""

    process: subprocess.Popen[str]
    told: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)
    put_by: list[dict[str, Any]] = field(default_factory=list)

    def do(self, **command: Any) -> None:
        """Tell it what to do; returns when it does so."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        if "do" in command:
            self.next("doing")

    def next(self, what: str) -> dict[str, Any]:
        """The next thing of this kind that it tells; others are kept."""
        for line in self.put_by:
            if what in line:
                self.put_by.remove(line)
                return line
        until = time.monotonic() + WAIT
        while True:
            line = self.told.get(timeout=max(0.01, until - time.monotonic()))
            if what in line:
                return line
            self.put_by.append(line)

    def all_until(self, what: str, value: object) -> int:
        """How many things of this kind it tells before the one of this value."""
        before = 0
        while self.next(what)[what] != value:
            before += 1
        return before


@contextmanager
def real_smsc(port: int) -> Iterator[RealSmsc]:
    """smpp34's server at this port, ready; killed at the end, as a machine that loses its power."""
    command = [sys.executable, "-m", "portal.tests.sms.smpp.smsc", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        smsc = RealSmsc(process)

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                smsc.told.put(json.loads(line))

        reader = threading.Thread(target=read)
        reader.start()
        try:
            smsc.next("ready")
            yield smsc
        finally:
            process.kill()
            process.wait()
            reader.join()


Answer = Callable[["Asked"], list[bytes]]


@dataclass(frozen=True)
class Asked:
    """A PDU that came."""

    command: int
    status: int
    sequence: int
    body: bytes

    def reply(self, status: int = 0, body: bytes = b"") -> bytes:
        """Its response."""
        return pdu(self.command | RESPONSE, status, self.sequence, body)


def pdu(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    """The octets of one."""
    return struct.pack("!IIII", 16 + len(body), command, status, sequence) + body


def honest(asked: Asked) -> list[bytes]:
    """What an SMSC should say."""
    if asked.command & RESPONSE:
        return []
    return [asked.reply(body={BIND_TRANSCEIVER: b"smsc\0", SUBMIT_SM: b"4711\0"}.get(asked.command, b""))]


@dataclass
class LyingSmsc:
    """Says what `answers` says: for each PDU that comes, the octets to send back."""

    port: int = 0
    answers: Answer = honest
    heard: list[Asked] = field(default_factory=list)
    binds: int = 0
    connections: list[socket.socket] = field(default_factory=list)

    def hang_up(self) -> None:
        """Close every connection."""
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def say(self, octets: bytes) -> None:
        """Say something unasked, on the newest connection."""
        self.connections[-1].sendall(octets)

    def serve(self, connection: socket.socket) -> None:
        """One connection to its end."""
        with connection, suppress(OSError, struct.error):
            while True:
                header = _exactly(connection, 16)
                length, command, status, sequence = struct.unpack("!IIII", header)
                asked = Asked(command, status, sequence, _exactly(connection, length - 16))
                self.heard.append(asked)
                self.binds += command == BIND_TRANSCEIVER
                for octets in self.answers(asked):
                    connection.sendall(octets)


def _exactly(connection: socket.socket, count: int) -> bytes:
    octets = b""
    while len(octets) < count:
        more = connection.recv(count - len(octets))
        if not more:
            raise ConnectionResetError
        octets += more
    return octets


@contextmanager
def lying_smsc(trust: ssl.SSLContext | None = None) -> Iterator[LyingSmsc]:
    """Listening on a free port; with `trust`, over TLS."""
    smsc = LyingSmsc()
    with ExitStack() as held:
        listener = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        smsc.port = listener.getsockname()[1]
        threads: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    if trust is not None:
                        try:
                            connection = trust.wrap_socket(connection, server_side=True)
                        except OSError:
                            connection.close()
                            continue
                    smsc.connections.append(connection)
                    threads.append(threading.Thread(target=smsc.serve, args=(connection,)))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield smsc
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
            smsc.hang_up()
            for thread in threads:
                thread.join()


def wait_for(condition: Callable[[], object]) -> None:
    """Until it holds."""
    until = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
