"""The login with the security word: how fast, whether its time tells who is enrolled, and under a flood.

One granian worker has one core for itself; the drivers have the other. What is compared is measured in turns.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from demo.stack import Portal

from bench import argon2_bound, portal_side, registry
from bench.databases import NAMES
from bench.flood import Flood, flooding
from bench.memory import processor_seconds
from bench.rank_test import mann_whitney
from bench.report import Spread, Value, finish
from bench.served import Cores, prepared, serve
from bench.visitor import Visitor

LEAST_SHARE_OF_BOUND = 0.7
MOST_SLOWER_UNDER_FLOOD = 2.0
PARTED = 0.01  # a p below this says that times tell known from unknown
HOLDERS = 12_000
AT_ONCE = 4
PROXY = {"KILITCOZ_BEHIND_PROXY": "1", "KILITCOZ_WRONG_WORDS_ALARM": "1000000"}
Row = dict[str, Value]


@dataclass
class Stage:
    """A served portal; numbers and addresses are given out once each."""

    portal: Portal
    pid: int
    known: Iterator[str]
    unknown: Iterator[str]
    addresses: Iterator[str]

    def stranger(self) -> Visitor:
        """A browser nobody knows, from an address of its own."""
        return Visitor(self.portal.origin, next(self.addresses))

    def trusted(self, id_number: str) -> Visitor:
        """The browser of the holder with this number."""
        return Visitor(self.portal.origin, next(self.addresses), portal_side.trust_cookie(id_number))


@contextmanager
def staged(database: str, cores: Cores) -> Iterator[Stage]:
    """With a registry of holders who have all logged in before."""
    with (
        tempfile.TemporaryDirectory(prefix="kilitcoz-bench-") as folder,
        prepared(database, Path(folder), cores, **PROXY) as portal,
    ):
        registry.fill(HOLDERS)
        known = portal_side.id_numbers()
        random.Random(1).shuffle(known)
        portal_side.logged_in_before(known)
        addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(1, 1 << 24))
        child = serve(portal, cores)
        yield Stage(portal, child.pid, iter(known), portal_side.unknown_numbers(), addresses)


def enter(visitor: Visitor, id_number: str, word: str) -> float:
    """Milliseconds of the word's own request; the page is open already."""
    text = portal_side.picture_text(visitor.check) if visitor.check else ""
    began = time.perf_counter()
    status = visitor.enter(id_number, word, text)
    took = (time.perf_counter() - began) * 1000
    expected = 302 if word == registry.WORD else 422
    if status != expected:
        raise RuntimeError(f"the login was answered with {status}, not {expected}")
    return took


def come_in(visitor: Visitor, id_number: str) -> bool:
    """The whole of figure 3, with the right word; False where the visitor was turned away.

    Where the page asks for it, the visitor's computer works for its turn, as it does while a person types.
    """
    visitor.open_login()
    visitor.look_at_picture()
    text = portal_side.picture_text(visitor.check) if visitor.check else ""
    if visitor.check and visitor.crowded:
        visitor.work_for_it()
    return visitor.enter(id_number, registry.WORD, text) == 302


def speed(stage: Stage, cores: Cores, rounds: int, logins: int) -> Row:
    """Right words per second, beside the hash alone on the same core."""
    shares, processor_shares, rates, bounds = [], [], [], []
    for _ in range(rounds):
        bound = argon2_bound.measured(cores.portal[0], 3.0)
        prepared_visitors = [(stage.stranger(), next(stage.known)) for _ in range(logins)]
        for visitor, _ in prepared_visitors:
            visitor.open_login()
        processor, began = processor_seconds(stage.pid), time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda each: enter(each[0], each[1], registry.WORD), prepared_visitors))
        rates.append(logins / (time.perf_counter() - began))
        processor_ms = (processor_seconds(stage.pid) - processor) * 1000 / logins
        bounds.append(1000 / bound.wall)
        shares.append(rates[-1] * bound.wall / 1000)
        processor_shares.append(bound.processor / processor_ms)
        for visitor, _ in prepared_visitors:
            visitor.__exit__()
    rate, share = Spread.of(rates), Spread.of(shares)
    return {
        "bound_per_s": round(Spread.of(bounds).median, 2),
        "logins_per_s": round(rate.median, 2),
        "low": round(rate.low, 2),
        "high": round(rate.high, 2),
        "of_bound": round(share.median, 3),
        "of_bound_cpu": round(Spread.of(processor_shares).median, 3),
    }


def uniformity(stage: Stage, pairs: int) -> Row:
    """Wrong words for known and unknown numbers, one after the other, in random order within each pair."""
    series: dict[str, list[float]] = {"known": [], "unknown": []}
    draw = random.Random(2)
    for _ in range(pairs):
        for kind in draw.sample(["known", "unknown"], 2):
            number = next(stage.known if kind == "known" else stage.unknown)
            with stage.stranger() as visitor:
                visitor.open_login()
                series[kind].append(enter(visitor, number, "yanlış sözcük"))
    test = mann_whitney(series["known"], series["unknown"])
    known, unknown = (statistics.median(each) for each in series.values())
    quarters = statistics.quantiles([*series["known"], *series["unknown"]], n=4)
    return {
        "pairs": pairs,
        "known_ms": round(known, 2),
        "unknown_ms": round(unknown, 2),
        "difference_ms": round(known - unknown, 3),
        "spread_ms": round(quarters[2] - quarters[0], 2),
        "p": round(test.p, 4),
        "known_slower": round(test.superiority, 4),
    }


@dataclass
class Good:
    """Good logins by browsers of one kind: milliseconds of their requests together, and how many failed."""

    milliseconds: list[float] = field(default_factory=list)
    turned_away: int = 0


def good_logins(stage: Stage, count: int) -> dict[str, Good]:
    """Form, picture and right word, by browsers nobody knows and by trusted ones in turns."""
    found = {"stranger": Good(), "trusted": Good()}
    for _ in range(count):
        for kind, good in found.items():
            number = next(stage.known)
            with stage.trusted(number) if kind == "trusted" else stage.stranger() as visitor:
                came_in = come_in(visitor, number)
                good.milliseconds.append(visitor.requests_ms)
                good.turned_away += not came_in
    return found


def floods(stage: Stage, at_once: int, count: int) -> list[Row]:
    """Good logins alone, under a flood of unsolved checks, and under one of solved checks."""
    alone = {kind: Spread.of(good.milliseconds) for kind, good in good_logins(stage, count).items()}
    rows: list[Row] = []
    for solved in (False, True):
        numbers = [next(source) for _ in range(2500) for source in (stage.known, stage.unknown)]
        flood = Flood(stage.portal.origin, stage.portal.settings, numbers, at_once, solved)
        with flooding(flood) as future:
            under = good_logins(stage, count)
        came = future.result()
        answers = " ".join(f"{status}:{number}" for status, number in sorted(came.answers.items()))
        for kind, good in under.items():
            row: Row = {"flood": "solved" if solved else "unsolved", "good login by": kind}
            rows.append(row | _slower(alone[kind], good) | {"flood_per_s": round(came.sent / came.seconds)})
            rows[-1]["answers"] = answers
    return rows


def _slower(alone: Spread, under: Good) -> Row:
    spread = Spread.of(under.milliseconds)
    return {
        "alone_ms": round(alone.median),
        "under_ms": round(spread.median),
        "high_ms": round(spread.high),
        "slower": round(spread.median / alone.median, 2),
        "turned_away": under.turned_away,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="./run bench login", description="the login; 0 leaves a part out")
    parser.add_argument("--database", choices=NAMES, default=NAMES[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--logins", type=int, default=24, help="right words per round")
    parser.add_argument("--pairs", type=int, default=500, help="known and unknown numbers")
    parser.add_argument("--at-once", type=int, default=16, help="bad logins at the same time")
    parser.add_argument("--good", type=int, default=20, help="good logins of each kind, under each flood")
    given = parser.parse_args(arguments)
    cores = Cores.of_machine()
    figures: Row = {}
    rows: list[Row] = []
    with staged(given.database, cores) as stage:
        if given.rounds:
            figures |= speed(stage, cores, given.rounds, given.logins)
        if given.pairs:
            figures |= uniformity(stage, given.pairs)
        if given.at_once:
            rows = floods(stage, given.at_once, given.good)
    finish("login", rows, **figures)


if __name__ == "__main__":
    main()
