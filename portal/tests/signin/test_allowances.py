"""So many in a window, whoever asks at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from portal.tests.people import NOW

from kilitcoz_portal.signin import allowances
from kilitcoz_portal.signin.models import Allowance

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def take(name: str = "x", minutes: float = 0) -> bool:
    return allowances.take(name, 3, HOUR, NOW + timedelta(minutes=minutes))


def test_the_fourth_in_an_hour_is_refused_and_the_next_hour_begins_anew(database: str) -> None:
    assert [take(minutes=minute) for minute in (0, 10, 20, 59.9)] == [True, True, True, False]
    assert [take(minutes=minute) for minute in (60, 61, 62, 63)] == [True, True, True, False]


def test_names_are_counted_apart(database: str) -> None:
    assert [take(name) for name in ("x", "x", "x", "y", "x")] == [True, True, True, True, False]


def test_thirty_at_once_are_three(database: str) -> None:
    def one(_: int) -> bool:
        try:
            return take()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(30))) == 3


def test_what_is_over_is_cleared_away(database: str) -> None:
    take("old")
    take("new", minutes=60 * 48)
    allowances.forget_old(NOW + allowances.KEPT)
    assert [row.name for row in Allowance.objects.all()] == ["new"]
