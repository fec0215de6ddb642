"""What a benchmark reports is what was measured."""

import json
from dataclasses import replace

import pytest

from bench.argon2_bound import Bound
from bench.bench_portal import Measured, endpoints
from bench.browser import Exchange
from bench.portal_load import Served, Walked, _served
from bench.report import Spread, finish, table


def test_a_series_is_told_by_its_median_and_its_ends() -> None:
    assert Spread.of([5.0, 1.0, 9.0, 2.0]) == Spread(median=3.5, low=1.0, high=9.0, count=4)


def test_one_wild_measurement_does_not_move_the_median() -> None:
    quiet = Spread.of([10.0, 11.0, 12.0, 13.0, 14.0])
    assert quiet == replace(Spread.of([10.0, 11.0, 12.0, 13.0, 9000.0]), high=14.0)


def test_numbers_stand_on_the_right_and_what_was_not_measured_is_a_dash() -> None:
    assert table([{"who": "we", "ms": 2.0}, {"who": "they", "ms": None}]).splitlines() == [
        "who   ms",
        "----  --",
        "we     2",
        "they   -",
    ]


def test_the_last_line_is_json_with_every_figure_and_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    finish("unlock", [{"who": "we", "ms": 2.5}], target_met=True)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["bench"], told["rows"], told["target_met"]) == ("unlock", [{"who": "we", "ms": 2.5}], True)
    assert {"cores", "python", "cpu", "commit"} <= told["machine"].keys()


def test_flows_per_second_count_from_the_first_start_to_the_last_end() -> None:
    walked = Walked(flows=[400.0] * 12, seconds=3.0, processor_seconds=2.4)
    assert (walked.per_second, walked.processor_ms) == (4.0, 200.0)


def test_the_share_of_the_bound_is_judged_round_by_round() -> None:
    quiet = Walked(flows=[1.0] * 3, seconds=1.0, processor_seconds=0.9)
    busy = Walked(flows=[1.0] * 3, seconds=2.0, processor_seconds=0.9)
    measured = Measured(bounds=[Bound(200.0, 150.0), Bound(400.0, 150.0)], at_once=[quiet, busy])
    assert measured.share == pytest.approx([0.6, 0.6])
    assert measured.processor_share == pytest.approx([0.5, 0.5])


def test_an_endpoint_met_twice_in_a_flow_counts_twice() -> None:
    served = [Served("GET /a", 10.0, 3, 1), Served("GET /b", 5.0, 1, 0), Served("GET /b", 5.0, 1, 0)]
    rows = endpoints(served, flows=1)
    assert [(row["endpoint"], row["per_flow"], row["ms_per_flow"], row["share"]) for row in rows] == [
        ("GET /a", 1.0, 10.0, 0.5),
        ("GET /b", 2.0, 10.0, 0.5),
    ]


def test_a_write_outside_a_transaction_is_a_commit_of_its_own() -> None:
    inside = ["BEGIN IMMEDIATE", "SAVEPOINT x", "INSERT b", "RELEASE SAVEPOINT x", "COMMIT"]
    queries = ["UPDATE a", *inside, "SELECT c"]
    assert _served(Exchange("POST /a", 1.0), queries) == Served("POST /a", 1.0, statements=3, commits=2)
