"""Five hundred holders in mid-flow on two portal processes with PostgreSQL: no error, and nobody waits long.

The share of the slowest pages beside the middle one (p99 / p50) says whether holders wait for one another;
pages that hash a word are left out of it and told apart.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import registry
from bench.crowd import Crowd, Seen
from bench.databases import NAMES
from bench.report import Value, finish
from bench.served import Cores, prepared, serve

MOST_P99_OF_P50 = 10.0
HOLDERS_IN_REGISTRY = 2000


def percentile(series: Sequence[float], hundredth: int) -> float:
    """The value that so many hundredths of the series do not exceed."""
    return statistics.quantiles(series, n=100, method="inclusive")[hundredth - 1]


def rows_of(seen: Seen) -> list[dict[str, Value]]:
    """One row per endpoint, most asked first, and one for all together."""
    groups = sorted(seen.milliseconds.items(), key=lambda item: -len(item[1]))
    everything = [each for _, series in groups for each in series]
    return [_row(name, series) for name, series in [*groups, ("all", everything)] if len(series) > 1]


def _row(name: str, series: Sequence[float]) -> dict[str, Value]:
    p50, p99 = percentile(series, 50), percentile(series, 99)
    return {
        "endpoint": name,
        "answers": len(series),
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "max_ms": round(max(series), 1),
        "p99_of_p50": round(p99 / p50, 2),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="./run bench crowd", description="500 holders in mid-flow")
    parser.add_argument("--database", choices=NAMES, default="postgresql")
    parser.add_argument("--workers", type=int, default=2, help="portal processes")
    parser.add_argument("--holders", type=int, default=500, help="holders at once")
    parser.add_argument("--warm-up", type=float, default=15, help="seconds before it counts")
    parser.add_argument("--seconds", type=float, default=60, help="seconds that count")
    parser.add_argument("--rest", type=float, default=6.0, help="seconds between two pages, on average")
    parser.add_argument("--logins", type=float, default=1.0, help="further logins per second")
    given = parser.parse_args(arguments)
    newcomers = int((given.warm_up + given.seconds) * given.logins)
    with (
        tempfile.TemporaryDirectory(prefix="kilitcoz-bench-") as folder,
        prepared(given.database, Path(folder), Cores.undivided()) as portal,
    ):
        registry.fill(HOLDERS_IN_REGISTRY)
        walkers = registry.walkers(given.holders + newcomers)
        serve(portal, Cores.undivided(), workers=given.workers)
        crowd = Crowd(portal.origin, given.warm_up, given.seconds, given.rest, given.logins)
        seen = crowd.walk(walkers[: given.holders], walkers[given.holders :])
    rows = rows_of(seen)
    for fault in seen.faults[:5]:
        print(fault)
    finish(
        "crowd",
        rows,
        holders=given.holders,
        workers=given.workers,
        pages_per_second=round(float(rows[-1]["answers"] or 0) / given.seconds, 1),
        logins=len(seen.logins),
        login_flow_s=round(statistics.median(seen.logins), 2) if seen.logins else None,
        faults=len(seen.faults),
        no_fault=not seen.faults,
        p99_of_p50=rows[-1]["p99_of_p50"],
        p99_within_10_p50=float(rows[-1]["p99_of_p50"] or 0) <= MOST_P99_OF_P50,
    )


if __name__ == "__main__":
    main()
