"""OCSP answered straight from a socket (`kilitcoz serve-ocsp`): the public face's hot path, and nothing else.

One thread takes what has come on all connections, asks the database once for all of it, and answers: each
answer is as fresh as if it had been asked for alone, at a fraction of the cost. What must first be signed
goes to a few threads beside it. All state is in the database, so that there may be one process per core.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Thread
from weakref import finalize

import structlog
from django.db import DatabaseError, close_old_connections, connection, connections

from kilitcoz_portal.ca import answers, ocsp
from kilitcoz_portal.ca.answers import MALFORMED, TRY_LATER, Answer
from kilitcoz_portal.publication import http1
from kilitcoz_portal.publication.http1 import Call

log = structlog.get_logger("kilitcoz_portal.ocsp")

MOST_CONNECTIONS = 768  # below the 1,024 files that a process may open where nobody said otherwise
SECONDS_OF_SILENCE = 15  # after which a connection is closed, in the middle of a request too
SIGNING_THREADS = 4
_CHUNK = 64 * 1024


@dataclass(eq=False)
class Line:
    """One connection. `waits`: its question is being signed, and nothing is read from it meanwhile."""

    socket: socket.socket
    heard_at: float
    received: bytearray = field(default_factory=bytearray)
    waits: bool = False


Asked = tuple[Line, Call]


class Listener:
    """Serves on a listening socket until it is stopped."""

    def __init__(self, listening: socket.socket) -> None:
        listening.setblocking(False)
        for option in (socket.TCP_NODELAY, socket.TCP_DEFER_ACCEPT):  # the lines inherit the first
            listening.setsockopt(socket.IPPROTO_TCP, option, 1)
        self._listening = listening
        self._lines: dict[int, Line] = {}
        self._to_sign: SimpleQueue[Asked | None] = SimpleQueue()  # None: a thread's end
        self._signed: SimpleQueue[tuple[Line, Call, Answer]] = SimpleQueue()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        finalize(self, os.close, self._wake)  # not before: `stop` may come when `serve` is over
        self._stopped = False
        self._swept_at = 0.0
        self._epoll = select.epoll()
        self._epoll.register(listening.fileno(), select.EPOLLIN)
        self._epoll.register(self._wake, select.EPOLLIN)

    def stop(self) -> None:
        """From a signal or another thread: `serve` returns."""
        self._stopped = True
        os.eventfd_write(self._wake, 1)

    def serve(self) -> None:
        """Until stopped."""
        signers = [Thread(target=self._signs, name="signer") for _ in range(SIGNING_THREADS)]
        for each in signers:
            each.start()
        while not self._stopped:
            self._turn(self._epoll.poll(1.0))
        for line in list(self._lines.values()):
            self._close(line)
        for _ in signers:
            self._to_sign.put(None)
        for each in signers:
            each.join()
        self._epoll.close()

    def _turn(self, events: list[tuple[int, int]]) -> None:
        """All that has come since the last turn."""
        now = time.monotonic()
        calls: list[Asked] = []
        for number, _ in events:
            if line := self._lines.get(number):
                calls += self._heard(line, now)
            elif number == self._wake:
                os.eventfd_read(self._wake)
                calls += self._delivered()
            elif number == self._listening.fileno():
                calls += self._welcome(now)
        while calls:
            calls = self._answered(calls)
        if now - self._swept_at >= 1:
            self._sweep(now)

    def _welcome(self, now: float) -> Iterator[Asked]:
        """Whoever is at the door, with the question at once; where there are too many, the one who has been
        silent longest goes.
        """
        with suppress(OSError):  # nobody more is there, or has gone again, or no file is left for one now
            while True:
                accepted, _ = self._listening.accept()
                if len(self._lines) >= MOST_CONNECTIONS:
                    self._close(min(self._lines.values(), key=lambda each: each.heard_at))
                accepted.setblocking(False)
                line = self._lines[accepted.fileno()] = Line(accepted, now)
                self._epoll.register(accepted.fileno(), select.EPOLLIN)
                yield from self._heard(line, now)

    def _heard(self, line: Line, now: float) -> Iterator[Asked]:
        """The line's next call, if that is complete."""
        try:
            received = line.socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self._close(line)
            return
        line.heard_at = now
        line.received += received
        yield from self._next(line)

    def _next(self, line: Line) -> Iterator[Asked]:
        if line.waits:
            return
        try:
            call = http1.take(line.received)
        except http1.Refused as refused:
            self._send(line, http1.refusal(refused.status))
            self._close(line)
            return
        if call is not None:
            yield line, call

    def _answered(self, calls: list[Asked]) -> list[Asked]:
        """What is signed already goes out at once, the rest is signed beside us. Returns what the same lines
        had sent behind it.
        """
        now = datetime.now(UTC)
        questions = {call.raw: _read(call.raw) for _, call in calls}
        ready = _ready({each.cert_id for each in questions.values() if each and each.nonce is None}, now)
        for line, call in calls:
            question = questions[call.raw]
            if question is None:
                self._reply(line, call, MALFORMED)
            elif question.nonce is None and (found := ready.get(question.cert_id)):
                self._reply(line, call, found)
            elif line.socket.fileno() >= 0:  # not sent away meanwhile
                line.waits = True
                self._epoll.modify(line.socket.fileno(), 0)
                self._to_sign.put((line, call))
        return [each for line, _ in calls if line.received for each in self._next(line)]

    def _signs(self) -> None:
        """One of the signing threads."""
        while (asked := self._to_sign.get()) is not None:
            line, call = asked
            self._signed.put((line, call, _made(call.raw)))
            os.eventfd_write(self._wake, 1)
        connections.close_all()

    def _delivered(self) -> Iterator[Asked]:
        """Signed answers go out; then what the same lines had sent behind."""
        while not self._signed.empty():
            line, call, answer = self._signed.get()
            if line.socket.fileno() >= 0:  # not gone meanwhile
                line.waits = False
                self._epoll.modify(line.socket.fileno(), select.EPOLLIN)
                self._reply(line, call, answer)
                yield from self._next(line)

    def _reply(self, line: Line, call: Call, answer: Answer) -> None:
        self._send(line, http1.put(answer, call, int(time.time())))
        if not call.stays_open:
            self._close(line)

    def _send(self, line: Line, said: bytes) -> None:
        """At once: an answer fits into any socket's buffer, unless nobody reads there."""
        sent = 0
        with suppress(OSError):
            sent = line.socket.send(said)
        if sent != len(said):
            self._close(line)

    def _sweep(self, now: float) -> None:
        self._swept_at = now
        for line in list(self._lines.values()):
            if not line.waits and now - line.heard_at > SECONDS_OF_SILENCE:
                self._close(line)

    def _close(self, line: Line) -> None:
        """Does nothing twice."""
        if line.socket.fileno() >= 0:
            line.received.clear()
            del self._lines[line.socket.fileno()]
            line.socket.close()  # which takes it out of the epoll, too


def _read(raw: bytes) -> ocsp.Question | None:
    try:
        return answers.read(raw)
    except ocsp.RequestMalformed:
        return None


def _ready(cert_ids: Iterable[bytes], now: datetime) -> dict[bytes, Answer]:
    """None where the database does not answer: then each is tried alone, and told to try later."""
    try:
        return answers.ready(cert_ids, now)
    except DatabaseError:
        log.warning("ocsp-database-unavailable")
        connection.close()
        return {}


def _made(raw: bytes) -> Answer:
    close_old_connections()
    try:
        return answers.answer(raw, datetime.now(UTC))
    except Exception:
        log.exception("ocsp-not-signed")
        connection.close()
        return TRY_LATER
