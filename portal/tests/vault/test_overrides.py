"""A30, R3: two different people, a reason, one release."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from portal.tests.marks import ON_BOTH
from portal.tests.vault import armed
from portal.tests.vault.armed import CARD, NOW, OPERATION

from kilitcoz_cards.pin import Puk
from kilitcoz_portal.vault import overrides, queries
from kilitcoz_portal.vault.errors import OverrideRefused, PukMalformed
from kilitcoz_portal.vault.models import CardSecret, JournalEntry, Override
from kilitcoz_portal.vault.services import Armed, Refused, settle
from kilitcoz_portal.vault.settlement import Answer

pytestmark = ON_BOTH


@pytest.fixture(autouse=True)
def _in_manual(db: None) -> None:
    armed.adopt()
    assert isinstance(armed.arm(tries=1), Refused)


def test_a30_two_people_with_a_reason_let_one_release_spend_the_last_try() -> None:
    overrides.ask(CARD, by="Zeynep Kaya", reason="PUK read from the sealed envelope", now=NOW)
    overrides.approve(CARD, by="Mehmet Demir", now=NOW)
    assert queries.look(CARD, 1, NOW).refusal is None
    assert armed.arm(tries=1) == Armed(1)
    assert JournalEntry.objects.get(trigger="arm").detail == [f"override {Override.objects.get().pk}"]
    settle(CARD, OPERATION, 1, [Answer("change_puk", 0, None)], None, NOW)
    assert isinstance(armed.arm(tries=1, operation_id="C" * 22), Refused)
    assert CardSecret.objects.get().state == "manual"


@pytest.mark.parametrize("second", ["Zeynep Kaya", "zeynep  kaya", "", " "])
def test_a30_one_person_is_not_two(second: str) -> None:
    overrides.ask(CARD, by="Zeynep Kaya", reason="a reason", now=NOW)
    with pytest.raises(OverrideRefused):
        overrides.approve(CARD, by=second, now=NOW)
    assert CardSecret.objects.get().state == "manual"


@pytest.mark.parametrize(("by", "reason"), [("", "a reason"), ("Zeynep Kaya", " ")])
def test_a30_without_a_name_or_a_reason_nobody_asks(by: str, reason: str) -> None:
    with pytest.raises(OverrideRefused):
        overrides.ask(CARD, by=by, reason=reason, now=NOW)


def test_a_wrongly_adopted_puk_is_put_right_by_two_people() -> None:
    overrides.ask(CARD, by="Zeynep Kaya", reason="typed wrongly at adoption", now=NOW)
    with pytest.raises(PukMalformed):
        overrides.approve(CARD, by="Mehmet Demir", now=NOW, puk=Puk.from_text("123456789"))
    overrides.approve(CARD, by="Mehmet Demir", now=NOW, puk=Puk.from_text("55556666"))
    armed.arm(tries=3)
    assert armed.release().candidates == (Puk.from_text("55556666"),)
    assert JournalEntry.objects.get(trigger="override").detail[1:] == ["current replaced"]


def test_an_override_is_asked_for_only_where_software_may_not_go_on() -> None:
    armed.adopt(armed.OTHER_CARD)
    with pytest.raises(OverrideRefused):
        overrides.ask(armed.OTHER_CARD, by="Zeynep Kaya", reason="a reason", now=NOW)


def test_what_was_asked_yesterday_is_not_approved_today() -> None:
    overrides.ask(CARD, by="Zeynep Kaya", reason="a reason", now=NOW)
    with pytest.raises(OverrideRefused):
        overrides.approve(CARD, by="Mehmet Demir", now=NOW + timedelta(days=1))


def test_the_database_itself_knows_that_one_person_is_not_two() -> None:
    with pytest.raises(IntegrityError):
        Override.objects.create(
            card_ref=CARD, reason="x", asked_by="Zeynep", asked_at=NOW, approved_by="Zeynep", approved_at=NOW
        )
