"""Complete flows per second on one portal process, beside the bound that the security word's hash sets.

One granian worker has one core for itself; the driver (and PostgreSQL, where it is the database) has another.
The bound is one Argon2id verification with the portal's own parameters, alone, on the portal's core: a flow
has exactly one, so no portal with that hash can be faster. Bound and flows are measured in turns, and so are
the small and the large registry, so that a busy moment of the machine hits both.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench import argon2_bound
from bench.argon2_bound import Bound
from bench.databases import NAMES
from bench.portal_load import Served, Stage, Walked
from bench.report import Spread, Value, finish, table
from bench.served import Cores

LEAST_SHARE_OF_BOUND = 0.5
MOST_GROWTH = 1.2
WARM_UP = 4
PROFILED = 5
PROOFS = 3


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    database: str
    sizes: list[int]
    rounds: int
    at_once: int
    flows_at_once: int  # per round
    flows_alone: int  # per round
    bound_seconds: float  # per round

    @property
    def walkers(self) -> int:
        """How many holders walk on each stage: nobody walks twice, the SMS limits forbid it."""
        return WARM_UP + PROFILED + 1 + self.rounds * (self.flows_at_once + self.flows_alone)


@dataclass
class Measured:
    """What one stage showed, round by round."""

    alone: list[float] = field(default_factory=list)  # milliseconds of each flow, nobody else there
    bounds: list[Bound] = field(default_factory=list)  # just before the flows
    at_once: list[Walked] = field(default_factory=list)

    @property
    def share(self) -> list[float]:
        """Each round's flows per second beside the bound of that round."""
        pairs = zip(self.at_once, self.bounds, strict=True)
        return [walked.per_second * bound.wall / 1000 for walked, bound in pairs]

    @property
    def processor_share(self) -> list[float]:
        """The same by processor time, which a busy neighbour disturbs less."""
        pairs = zip(self.at_once, self.bounds, strict=True)
        return [bound.processor / walked.processor_ms for walked, bound in pairs]


def measure(plan: Plan, stages: dict[int, Stage]) -> dict[int, Measured]:
    """All rounds; in each, every stage takes its turn."""
    cores = Cores.of_machine()
    measured = {size: Measured() for size in stages}
    for stage in stages.values():
        stage.walk(WARM_UP, at_once=1)
    for _ in range(plan.rounds):
        for size, stage in stages.items():
            measured[size].bounds.append(argon2_bound.measured(cores.portal[0], plan.bound_seconds))
            measured[size].at_once.append(stage.walk(plan.flows_at_once, plan.at_once))
        for _ in range(plan.flows_alone):
            for size, stage in stages.items():
                measured[size].alone += stage.walk(1, at_once=1).flows
    return measured


def endpoints(served: list[Served], flows: int) -> list[dict[str, Value]]:
    """Per endpoint: how often in a flow, median milliseconds in the portal, SQL statements, share of all."""
    by_endpoint: defaultdict[str, list[Served]] = defaultdict(list)
    for each in served:
        by_endpoint[each.endpoint].append(each)
    medians = {
        name: Spread.of([each.milliseconds for each in group]).median for name, group in by_endpoint.items()
    }
    costs = {name: medians[name] * len(group) / flows for name, group in by_endpoint.items()}
    whole = sum(costs.values())
    return [
        {
            "endpoint": name,
            "per_flow": round(len(by_endpoint[name]) / flows, 1),
            "ms": round(medians[name], 2),
            "sql": round(Spread.of([each.statements for each in by_endpoint[name]]).median),
            "commits": round(Spread.of([each.commits for each in by_endpoint[name]]).median),
            "ms_per_flow": round(cost, 1),
            "share": round(cost / whole, 3),
        }
        for name, cost in sorted(costs.items(), key=lambda item: -item[1])
    ]


def rows_of(plan: Plan, measured: dict[int, Measured], stages: dict[int, Stage]) -> list[dict[str, Value]]:
    """One row per registry."""
    smallest = Spread.of(measured[min(measured)].alone).median
    rows: list[dict[str, Value]] = []
    for size, each in measured.items():
        alone = Spread.of(each.alone)
        bound = Spread.of([1000 / bound.wall for bound in each.bounds])
        rate = Spread.of([walked.per_second for walked in each.at_once])
        rows.append(
            {
                "database": plan.database,
                "holders": size,
                "database_mb": round(stages[size].database_bytes() / 1e6),
                "bound_per_s": round(bound.median, 2),
                "flows_per_s": round(rate.median, 2),
                "low": round(rate.low, 2),
                "high": round(rate.high, 2),
                "of_bound": round(Spread.of(each.share).median, 3),
                "cpu_ms": round(Spread.of([walked.processor_ms for walked in each.at_once]).median, 1),
                "of_bound_cpu": round(Spread.of(each.processor_share).median, 3),
                "alone_ms": round(alone.median, 1),
                "growth": round(alone.median / smallest, 3),
            }
        )
    return rows


def run(plan: Plan) -> None:
    """Stages, rounds, profile, report."""
    with ExitStack() as held:
        stages = {size: held.enter_context(Stage(plan.database, size, plan.walkers)) for size in plan.sizes}
        measured = measure(plan, stages)
        rows = rows_of(plan, measured, stages)
        first = stages[plan.sizes[0]]
        first.profile(1)  # what is imported and compiled once is not counted
        profile = endpoints(first.profile(PROFILED), PROFILED)
        proofs = Spread.of(first.proof_of_work(PROOFS))
    print(table(profile), end="\n\n")
    growth = max(float(row["growth"] or 0) for row in rows)
    finish(
        "portal",
        rows,
        endpoints=profile,
        at_once=plan.at_once,
        rounds=plan.rounds,
        proof_of_work_ms_client=round(proofs.median),
        proof_of_work_ms_client_high=round(proofs.high),
        of_bound=rows[0]["of_bound"],
        of_bound_cpu=rows[0]["of_bound_cpu"],
        of_bound_at_least_half=float(rows[0]["of_bound"] or 0) >= LEAST_SHARE_OF_BOUND,
        growth=growth if len(rows) > 1 else None,
        growth_within_1_2=growth <= MOST_GROWTH if len(rows) > 1 else None,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="./run bench portal", description="complete flows per second")
    parser.add_argument("--database", choices=NAMES, default=NAMES[0])
    parser.add_argument("--holders", default="1000,1000000", help="sizes of the registry")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at-once", type=int, default=4, help="holders who walk at the same time")
    parser.add_argument("--flows", type=int, default=24, help="flows at once, per round and registry")
    parser.add_argument("--alone", type=int, default=8, help="flows one by one, per round and registry")
    given = parser.parse_args(arguments)
    sizes = [int(size) for size in given.holders.split(",")]
    run(Plan(given.database, sizes, given.rounds, given.at_once, given.flows, given.alone, 3.0))


if __name__ == "__main__":
    main()
