"""Two operators enrol the same person, two processes charge the same budget: the database decides."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections
from portal.tests import cast
from portal.tests.cast import NOW
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.holders import services
from kilitcoz_portal.holders.errors import CardExists, HolderExists
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.holders.services import CardEntry, HolderEntry
from kilitcoz_portal.vault import budgets

pytestmark = ON_BOTH

AYSE = HolderEntry("10000000146", "Ayşe Yılmaz", "+905321234567", "kiraz bahçesi")


def at_once(times: int, deed: Callable[[], object]) -> list[object]:
    """The deed in so many threads; what each returned, or the class of what it raised."""
    barrier = Barrier(times)

    def run(_: int) -> object:
        try:
            barrier.wait()
            return deed()
        except (HolderExists, CardExists) as refused:
            return type(refused)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_a_person_is_enrolled_once_however_many_try() -> None:
    outcomes = at_once(3, lambda: services.add_holder(AYSE, NOW).pk)
    assert outcomes.count(HolderExists) == 2
    assert Holder.objects.count() == 1


def test_a_card_is_enrolled_once_however_many_try() -> None:
    cast.ayse()
    entry = CardEntry("10000000146", "piv", "ab" * 16)
    outcomes = at_once(4, lambda: services.add_card(entry, NOW).pk)
    assert outcomes.count(CardExists) == 3
    assert Card.objects.count() == 1


def test_of_many_charges_at_once_no_more_than_the_limit_are_granted() -> None:
    granted = at_once(12, lambda: budgets.charge("all", budgets.HOUR, 5, NOW))
    assert granted.count(True) == 5
