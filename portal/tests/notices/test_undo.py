"""The undo link: thirty days, one use, known by its hash alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal.tests import people
from portal.tests.people import NOW

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import undo
from kilitcoz_portal.notices.models import Notice

pytestmark = pytest.mark.django_db
SECRET = "a" * 22


@pytest.fixture
def notice(monkeypatch: pytest.MonkeyPatch) -> Notice:
    people.hash_cheaply(monkeypatch)
    holder: Holder = people.ayse()
    hashed = undo.undo_hash(SECRET)
    return Notice.objects.create(holder=holder, kind="word-changed", at=NOW, undo_hash=hashed)


def test_a_link_is_found_for_thirty_days(notice: Notice) -> None:
    assert undo.look(SECRET, NOW + timedelta(days=29, hours=23)) == undo.Link(notice, used=False)
    assert undo.look(SECRET, NOW + timedelta(days=30)) is None
    assert undo.look("b" * 22, NOW) is None


def test_a_link_is_spent_once_and_looks_spent_afterwards(notice: Notice) -> None:
    assert undo.use(notice, NOW)
    assert not undo.use(notice, NOW)
    found = undo.look(SECRET, NOW)
    assert found is not None
    assert found.used
