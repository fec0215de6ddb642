"""The typed code: one use, ten minutes, limited guesses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal.tests import cast
from portal.tests.card_service import CardService
from portal.tests.cast import AYSES_BROWSER, NOW
from portal.tests.marks import ON_BOTH
from portal.tests.operations.test_racing import at_once
from pytest_django.fixtures import Settings

from kilitcoz_cards.messages import PAIRING_CODE_ALPHABET, PairRequest
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.operations import pairing
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import PairingCodeRefused, TooManyAttempts

pytestmark = ON_BOTH

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
WRONG = PairRequest("ABCDEFGH")


def test_a_typed_code_leads_to_the_same_unlock() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    code = operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW)
    assert len(code) == 8
    assert set(code) <= set(PAIRING_CODE_ALPHABET)
    answer = pairing.pair(PairRequest(code), HERE, NOW)
    assert CardService(answer.capability, enrolled.simulated, NOW).unlock().operation_state == "succeeded"


def test_a_code_is_used_once_but_a_lost_answer_may_be_asked_for_again_at_once() -> None:
    operation = cast.authorised(cast.card_of(cast.ayse()))
    code = PairRequest(operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW))
    first = pairing.pair(code, HERE, NOW)
    pairing.pair(code, HERE, NOW + timedelta(seconds=29))
    with pytest.raises(PairingCodeRefused):
        pairing.pair(code, HERE, NOW + timedelta(seconds=31))
    CardService(first.capability, None, NOW).claim()
    with pytest.raises(PairingCodeRefused):
        pairing.pair(code, HERE, NOW)


def test_a_code_is_dead_after_ten_minutes_and_when_a_newer_one_is_made() -> None:
    operation = cast.authorised(cast.card_of(cast.ayse()))
    old = PairRequest(operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW))
    new = PairRequest(operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW))
    with pytest.raises(PairingCodeRefused):
        pairing.pair(old, HERE, NOW)
    with pytest.raises(PairingCodeRefused):
        pairing.pair(new, HERE, NOW + timedelta(seconds=600))
    assert AuditEvent.objects.filter(event="pairing-refused").count() == 2


def test_guessing_is_limited_by_address_and_for_everyone_together(settings: Settings) -> None:
    settings.KILITCOZ_PAIRING_HOURLY = 3
    operation = cast.authorised(cast.card_of(cast.ayse()))
    right = PairRequest(operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW))
    for _ in range(3):
        with pytest.raises(PairingCodeRefused):
            pairing.pair(WRONG, HERE, NOW)
    with pytest.raises(TooManyAttempts):
        pairing.pair(right, HERE, NOW)
    for number in range(57):
        with pytest.raises(PairingCodeRefused):
            pairing.pair(WRONG, f"198.51.100.{number}", NOW)
    with pytest.raises(TooManyAttempts):
        pairing.pair(right, ELSEWHERE, NOW)


def test_of_many_guesses_at_once_no_more_than_the_limit_are_evaluated(settings: Settings) -> None:
    settings.KILITCOZ_PAIRING_HOURLY = 4
    outcomes = at_once(12 * [lambda: pairing.pair(WRONG, HERE, NOW)])
    kinds = [type(outcome) for outcome in outcomes]
    assert (kinds.count(PairingCodeRefused), kinds.count(TooManyAttempts)) == (4, 8)
