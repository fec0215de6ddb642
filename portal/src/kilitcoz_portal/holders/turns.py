"""Whose hash is computed next. A hash takes 64 MiB and a quarter of a second of a core, so a process works on
few at once; who waits, waits here.

One rule: whoever has pressed less goes first, and strangers can fill neither every turn nor every seat. A
flood of wrong entries is refused at the door, and the good login behind it is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Condition

FIRST = 0  # browsers that are trusted, and our own deeds; every other rank is a stranger's
PROVED = (
    1  # and above: strangers whose computer worked for this try (a client puzzle), which no flood affords
)
OTHERS = 1000  # and above: all other strangers
SEATS = 8  # for strangers who wait: half of a process's threads (cli.server) stay free for pages
PATIENCE = 10.0  # seconds that anybody waits for a turn


class Crowded(Exception):  # noqa: N818 - the name says what is wrong
    """No seat, or a better one took it, or the wait was too long: nothing was computed."""


@dataclass(order=True)
class _Waiter:
    """Lower rank first, then first come."""

    rank: int
    number: int
    seated: bool = field(default=True, compare=False)


class Turns:
    """`at_once` hashes run together, and one more where one is not of OTHERS: they never fill every turn."""

    def __init__(self, at_once: int, seats: int = SEATS) -> None:
        self._limits = {True: at_once + 1, False: at_once}
        self._seats = seats
        self._running = 0
        self._waiting: list[_Waiter] = []
        self._numbers = count()
        self._changed = Condition()

    def is_full(self, rank: int) -> bool:
        """Whether a stranger of this rank would find no seat now. Cheap: ask it before any other work."""
        with self._changed:
            strangers = self._strangers()
            return rank > FIRST and len(strangers) >= self._seats and max(strangers).rank <= rank

    @contextmanager
    def turn(self, rank: int = FIRST) -> Iterator[bool]:
        """Within: this thread's turn; True where it found every seat taken. Raises Crowded."""
        with self._changed:
            waiter = self._seat(rank)
            try:
                self._changed.wait_for(lambda: not waiter.seated or self._may_go(waiter), PATIENCE)
                if not waiter.seated or not self._may_go(waiter):
                    raise Crowded
                pressed = len(self._strangers()) >= self._seats  # with its own seat, which it leaves now
            finally:
                self._leave(waiter)
            self._running += 1
        try:
            yield pressed
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _seat(self, rank: int) -> _Waiter:
        waiter = _Waiter(rank, next(self._numbers))
        strangers = self._strangers()
        if rank > FIRST and len(strangers) >= self._seats:
            last = max(strangers)
            if last < waiter:
                raise Crowded
            self._leave(last)
        self._waiting.append(waiter)
        return waiter

    def _strangers(self) -> list[_Waiter]:
        return [each for each in self._waiting if each.rank > FIRST]

    def _may_go(self, waiter: _Waiter) -> bool:
        return waiter == min(self._waiting) and self._running < self._limits[waiter.rank < OTHERS]

    def _leave(self, waiter: _Waiter) -> None:
        waiter.seated = False
        if waiter in self._waiting:
            self._waiting.remove(waiter)
            self._changed.notify_all()
