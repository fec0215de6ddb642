"""The rank test says what a statistician's program says of the same series."""

import random

import pytest

from bench.rank_test import RankTest, mann_whitney


def test_the_figures_are_those_of_the_textbook() -> None:
    # the example in scipy's documentation of mannwhitneyu: U = 17, by the normal approximation
    found = mann_whitney([19.0, 22.0, 16.0, 29.0, 24.0], [20.0, 11.0, 17.0, 12.0])
    assert found.superiority == pytest.approx(17 / 20)
    assert found.p == pytest.approx(0.11134688653314041)


def test_equal_series_are_not_parted() -> None:
    assert mann_whitney([3.0] * 30, [3.0] * 30) == RankTest(1.0, 0.5)
    series = [float(number) for number in range(100)]
    assert mann_whitney(series, series).superiority == 0.5
    assert mann_whitney(series, series).p == pytest.approx(1.0, abs=0.01)


def test_a_small_shift_in_many_measurements_is_seen_and_chance_is_not() -> None:
    draw = random.Random(20_261_123)
    base, same = ([draw.gauss(100, 10) for _ in range(500)] for _ in range(2))
    shifted = [draw.gauss(104, 10) for _ in range(500)]
    assert mann_whitney(base, same).p > 0.05
    assert mann_whitney(shifted, base).p < 0.001
    assert mann_whitney(shifted, base).superiority > 0.55


def test_one_wild_measurement_does_not_decide() -> None:
    base = [float(number) for number in range(100)]
    assert mann_whitney([*base[:-1], 1e9], base).p > 0.9
