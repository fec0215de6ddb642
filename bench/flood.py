"""Ten thousand bad logins from a thousand addresses, in a process of its own.

A thousand browsers at figure 3, each from an address of its own, send wrong words for ten numbers each; so
many at once, each as fast as it is answered. With solved checks: read in the portal's database.
"""

import itertools
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event

from bench import portal_side
from bench.visitor import Visitor

ADDRESSES = 1000
BAD_LOGINS = 10_000
SEED = 20_261_123
_signals: dict[str, Event] = {}


@dataclass(frozen=True)
class Flood:
    """What it is told to do. `numbers` are tried in turn; `solved`: its checks are answered rightly."""

    origin: str
    settings: Mapping[str, str]
    numbers: Sequence[str]
    at_once: int
    solved: bool


@dataclass(frozen=True)
class Flooded:
    """What came of it: answers by status, and how long it lasted."""

    answers: Mapping[int, int]
    seconds: float

    @property
    def sent(self) -> int:
        """Bad logins that were answered."""
        return sum(self.answers.values())


@contextmanager
def flooding(flood: Flood) -> Iterator[Future[Flooded]]:
    """Within, the flood is on; it ends with the block or when it has sent all. The future says what came."""
    context = multiprocessing.get_context("spawn")
    began, stop = context.Event(), context.Event()
    with ProcessPoolExecutor(1, context, _remember, (began, stop)) as pool:
        future = pool.submit(_flood, flood)
        while not began.wait(0.1):
            if future.done():
                future.result()
        try:
            yield future
        finally:
            stop.set()


def _remember(began: Event, stop: Event) -> None:
    _signals.update(began=began, stop=stop)
    os.nice(5)  # the good login is measured on the same core


def _flood(flood: Flood) -> Flooded:
    portal_side.open_portal(flood.settings)
    visitors = [Visitor(flood.origin, _address(nth)) for nth in range(ADDRESSES)]
    with ThreadPoolExecutor(flood.at_once) as pool:
        list(pool.map(Visitor.open_login, visitors))
        random.Random(SEED).shuffle(visitors)
        tasks = zip(visitors * (BAD_LOGINS // ADDRESSES), itertools.cycle(flood.numbers), strict=False)
        _signals["began"].set()
        started = time.perf_counter()
        statuses = list(pool.map(lambda task: _enter(flood, *task), tasks))
        seconds = time.perf_counter() - started
    for visitor in visitors:
        visitor.__exit__()
    return Flooded(Counter(status for status in statuses if status), seconds)


def _enter(flood: Flood, visitor: Visitor, id_number: str) -> int:
    if _signals["stop"].is_set():
        return 0
    text = portal_side.picture_text(visitor.check) if flood.solved else "XXXXX"
    return visitor.enter(id_number, "yanlış sözcük", text)


def _address(nth: int) -> str:
    """Of 198.18.0.0/15, which is for benchmarks (RFC 2544)."""
    return f"198.18.{nth // 250}.{nth % 250 + 1}"
