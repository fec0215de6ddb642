"""How soon the card service is ready, and how much memory it and the portal process take.

Ready: the local page answers, counted from the start of the process. Idle: five seconds after that, with a
reader attached and nothing to do. The portal: after its first answer, and after complete unlocks; it has a
process that serves and one that watches it, so it is judged by PSS, in which shared pages count once.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from demo.card import make_card
from demo.cast import AYSE
from demo.children import Children
from demo.ports import free_port
from demo.stack import CardService

from bench import memory, registry
from bench.flow import walk
from bench.report import Spread, Value, finish
from bench.served import Cores, prepared, serve
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.pcsc_lab import PcscLab

IDLE_SECONDS = 5.0
MOST_SECONDS_TO_READY = 1.0
MOST_IDLE_MIB = 60.0
MOST_PORTAL_MIB = 150.0


@dataclass
class Starts:
    """Of the card service, start by start: seconds to the first good answer, processor seconds until then."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def card_service(folder: Path, times: int) -> tuple[Starts, memory.Total]:
    """So many starts, and the memory when idle after the last one."""
    starts = Starts()
    idle: list[memory.Total] = []
    card = Card(make_card(AYSE).state)
    with PcscLab() as lab:
        lab.insert(card)
        for number in range(times):
            with Children(folder / f"logs-{number}") as children:
                service = CardService(
                    children, folder / "agent", free_port(), ["pcsc"], further=lab.environment
                )
                started = time.perf_counter()
                process = service.start()
                starts.wall.append(time.perf_counter() - started)
                starts.processor.append(memory.processor_seconds(process.pid))
                if number == times - 1:
                    time.sleep(IDLE_SECONDS)
                    idle.append(memory.Total.of(process.pid))
    return starts, idle[-1]


def portal(folder: Path, flows: int) -> tuple[memory.Total, memory.Total]:
    """The memory of the portal's processes: ready, and after so many complete unlocks."""
    cores = Cores.of_machine()
    with prepared("sqlite", folder, cores) as served:
        registry.fill(max(flows, 1000))
        walkers = registry.walkers(flows)
        process = serve(served, cores)
        ready = memory.Total.of(process.pid)
        for walker in walkers:
            with httpx.Client(base_url=served.origin, timeout=60) as client:
                walk(walker, client, lambda _: None)
        return ready, memory.Total.of(process.pid)


def row(what: str, total: memory.Total) -> dict[str, Value]:
    """One line of the table."""
    return {
        "what": what,
        "processes": total.processes,
        "rss_mib": round(total.rss, 1),
        "pss_mib": round(total.pss, 1),
        "largest_rss_mib": round(total.largest_rss, 1),
        "peak_rss_mib": round(total.peak_rss, 1),
    }


def run(starts: int, flows: int, folder: Path) -> None:
    """Both programs, then the report."""
    started, idle = card_service(folder, starts)
    wall = Spread.of(started.wall)
    ready, worked = portal(folder, flows)
    rows = [
        row("card service, idle", idle),
        row("portal, ready", ready),
        row(f"portal, after {flows} unlocks", worked),
    ]
    finish(
        "startup",
        rows,
        card_service_starts=starts,
        card_service_ready_seconds_median=round(wall.median, 3),
        card_service_ready_seconds_low=round(wall.low, 3),
        card_service_ready_seconds_high=round(wall.high, 3),
        card_service_ready_processor_seconds=round(Spread.of(started.processor).median, 3),
        card_service_ready_within_1_s=wall.median <= MOST_SECONDS_TO_READY,
        card_service_idle_within_60_mib=idle.rss <= MOST_IDLE_MIB,
        portal_within_150_mib=worked.pss <= MOST_PORTAL_MIB,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="./run bench startup", description="start-up time and memory")
    parser.add_argument("--starts", type=int, default=11, help="starts of the card service")
    parser.add_argument("--flows", type=int, default=100, help="complete unlocks before weighing the portal")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kilitcoz-bench-") as folder:
        run(given.starts, given.flows, Path(folder))


if __name__ == "__main__":
    main()
