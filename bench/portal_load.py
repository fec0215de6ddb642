"""One portal with a registry of one size, and the driver that walks through it, in a process of their own.

`Stage` starts that process; two stages can be alive at once and be measured in turns. What is called on the
stage runs in its process (`_…` functions below), because Django is set up for one database.
"""

import contextlib
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

import httpx

from bench import portal_side, registry
from bench.browser import Exchange
from bench.flow import walk
from bench.memory import processor_seconds
from bench.registry import Walker
from bench.served import Cores, prepared, serve

P = ParamSpec("P")
T = TypeVar("T")
SECONDS_PER_REQUEST = 60
FRAMES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Walked:
    """Some flows: milliseconds of each, seconds from first start to last end, the portal's processor time."""

    flows: list[float]
    seconds: float
    processor_seconds: float

    @property
    def per_second(self) -> float:
        """Complete flows per second."""
        return len(self.flows) / self.seconds

    @property
    def processor_ms(self) -> float:
        """The portal's processor time for one flow."""
        return self.processor_seconds * 1000 / len(self.flows)


@dataclass(frozen=True)
class Served:
    """What one request cost inside the portal, without network and server: milliseconds and SQL."""

    endpoint: str
    milliseconds: float
    statements: int  # without BEGIN, COMMIT and savepoints
    commits: int  # with those of single statements that write


class Stage:
    """A portal with `holders`, of whom `walkers` can unlock a card, once each."""

    def __init__(self, database: str, holders: int, walkers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=context)
        self.seconds_to_fill = self._call(_set_up, database, holders, walkers)

    def walk(self, flows: int, at_once: int) -> Walked:
        """So many holders walk, `at_once` of them at a time."""
        return self._call(_walk, flows, at_once)

    def profile(self, flows: int) -> list[Served]:
        """So many holders walk through the portal's code in the stage's own process, one after the other."""
        return self._call(_profile, flows)

    def proof_of_work(self, times: int) -> list[float]:
        """Milliseconds that a holder's computer spends on the human check's proof of work."""
        return self._call(_proof_of_work, times)

    def database_bytes(self) -> int:
        """The size of the database."""
        return self._call(_database_bytes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):
            self._call(_tear_down)
        self._pool.shutdown()

    def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self._pool.submit(function, *args, **kwargs).result()


@dataclass
class _State:
    """What the stage's process holds."""

    held: contextlib.ExitStack
    origin: str
    portal_pid: int
    walkers: Iterator[Walker]


_state: list[_State] = []


def _set_up(database: str, holders: int, walkers: int) -> float:
    held = contextlib.ExitStack()
    folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="kilitcoz-bench-")))
    cores = Cores.of_machine()
    portal = held.enter_context(prepared(database, folder, cores))
    started = time.perf_counter()
    registry.fill(holders)
    seconds = time.perf_counter() - started
    ready = registry.walkers(walkers)
    process = serve(portal, cores)
    _state.append(_State(held, portal.origin, process.pid, iter(ready)))
    return seconds


def _tear_down() -> None:
    from django.db import connections

    connections.close_all()
    _state.pop().held.close()


def _walk(flows: int, at_once: int) -> Walked:
    state = _state[-1]

    def one(walker: Walker) -> float:
        with httpx.Client(base_url=state.origin, timeout=SECONDS_PER_REQUEST) as client:
            began = time.perf_counter()
            walk(walker, client, lambda _: None)
            return (time.perf_counter() - began) * 1000

    chosen = [next(state.walkers) for _ in range(flows)]
    processor_began, started = processor_seconds(state.portal_pid), time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        milliseconds = list(pool.map(one, chosen))
    seconds = time.perf_counter() - started
    return Walked(milliseconds, seconds, processor_seconds(state.portal_pid) - processor_began)


def _profile(flows: int) -> list[Served]:
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    state = _state[-1]
    served: list[Served] = []
    transport = httpx.WSGITransport(get_wsgi_application())
    connection.force_debug_cursor = True  # Django forgets the statements when a request begins

    def tell(exchange: Exchange) -> None:
        served.append(_served(exchange, [query["sql"] for query in connection.queries_log]))

    for _ in range(flows):
        with httpx.Client(base_url=state.origin, transport=transport) as client:
            walk(next(state.walkers), client, tell)
    connection.force_debug_cursor = False
    return served


def _served(exchange: Exchange, queries: list[str]) -> Served:
    """Counts what the portal said to the database: statements, and transactions that may have written."""
    statements = [query for query in queries if not query.startswith(FRAMES)]
    commits, inside = 0, False
    for query in queries:
        inside = query.startswith("BEGIN") or (inside and not query.startswith(("COMMIT", "ROLLBACK")))
        commits += query == "COMMIT" or (not inside and query.startswith(WRITES))
    return Served(exchange.endpoint, exchange.milliseconds, len(statements), commits)


def _proof_of_work(times: int) -> list[float]:
    return [portal_side.seconds_to_prove() * 1000 for _ in range(times)]


def _database_bytes() -> int:
    return portal_side.database_bytes()
