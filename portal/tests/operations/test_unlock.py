"""The whole unlock over the agent API, with a simulated card and the conversations of the product."""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal.tests import cast
from portal.tests.card_service import CardService
from portal.tests.marks import ON_BOTH

from kilitcoz_cards.messages import CardDecision, OperationKind, Outcome, Result
from kilitcoz_cards.pin import UNTOLD
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.operations import queries
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import State
from kilitcoz_portal.vault.models import CardSecret, JournalEntry
from kilitcoz_simulator.profile import PLAIN, YUBIKEY, Profile

pytestmark = ON_BOTH


@pytest.mark.parametrize("profile", [YUBIKEY, PLAIN], ids=lambda profile: profile.name)
def test_a_blocked_card_ends_with_the_new_pin_a_new_puk_and_a_way_back(profile: Profile) -> None:
    enrolled = cast.card_of(cast.ayse(), profile=profile)
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    service = CardService(capability, enrolled.simulated, cast.NOW)

    answer = service.unlock()

    assert service.decision is not None
    assert service.decision.decision is CardDecision.PROCEED
    assert answer.operation_state == State.SUCCEEDED
    assert answer.completion is not None
    secret = CardSecret.objects.get(pk=enrolled.card.ref)
    assert (secret.state, secret.version, secret.proved) == ("known", 2, True)
    watched = queries.watch(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    assert (watched.state, watched.is_open, watched.completed) == ("succeeded", False, False)
    operations.complete(operation.pk, cast.AYSES_BROWSER, answer.completion, cast.NOW)
    assert queries.watch(operation.pk, cast.AYSES_BROWSER, cast.NOW).completed
    enrolled.card.refresh_from_db()
    assert enrolled.card.pin_blocked is False


def test_the_next_unlock_uses_the_rotated_puk() -> None:
    enrolled = cast.card_of(cast.ayse())
    for hour in range(3):
        now = cast.NOW + timedelta(hours=hour)
        operation = cast.authorised(enrolled, now=now)
        capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, now)
        assert CardService(capability, enrolled.simulated, now).unlock().operation_state == State.SUCCEEDED
    assert CardSecret.objects.get().version == 4
    moves = list(JournalEntry.objects.order_by("sequence").values_list("trigger", flat=True))
    assert moves == ["adopt"] + 3 * ["contact", "arm", "settle"]


def test_every_deed_of_an_unlock_is_in_the_books_and_no_number_or_secret_is() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    CardService(capability, enrolled.simulated, cast.NOW).unlock()
    rows = AuditEvent.objects.filter(operation_id=operation.pk).order_by("pk")
    assert list(rows.values_list("event", flat=True)) == [
        "operation-started",
        "operation-authorised",
        "capability-issued",
        "claimed",
        "card-identified",
        "secret-released",
        "result-recorded",
        "holder-told",
    ]
    text = str(list(AuditEvent.objects.values()))
    assert "10000000146" not in text
    assert enrolled.puk not in text


def test_a_pin_that_is_not_blocked_is_said_to_be_and_can_still_be_forgotten() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = _service(enrolled)
    service.unlock()
    second = _service(enrolled)
    assert second.claim().decision is CardDecision.NOT_BLOCKED
    assert second.report(second.transact(second.release())).operation_state == State.SUCCEEDED


@pytest.mark.parametrize("blocked", [False, True])
def test_a_first_pin_is_set_whether_the_one_that_nobody_knows_is_blocked_or_not(blocked: bool) -> None:
    enrolled = cast.card_of(cast.ayse(), blocked=blocked)
    service = _service(enrolled, OperationKind.ACTIVATE)
    assert service.claim().decision is CardDecision.PROCEED
    assert service.report(service.transact(service.release())).operation_state == State.SUCCEEDED
    assert CardSecret.objects.get().version == 2


def test_a_card_without_change_reference_data_is_unlocked_at_the_second_release() -> None:
    profile = Profile("no24", None, extended_length=False, digits_only=True, change_puk=False)
    enrolled = cast.card_of(cast.ayse(), profile=profile)
    service = _service(enrolled)
    first = service.unlock()
    assert first.operation_state == State.CLAIMED
    assert service.unlock().operation_state == State.SUCCEEDED
    secret = CardSecret.objects.get()
    assert (secret.version, secret.rotates, secret.state) == (1, False, "known")


def test_nothing_was_sent_when_the_report_is_empty_and_the_card_is_read_again() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = _service(enrolled)
    service.claim()
    release = service.release()
    aborted = _aborted(release.fence)
    assert service.report(aborted).operation_state == State.CLAIMED
    assert service.unlock().operation_state == State.SUCCEEDED


def _aborted(fence: int) -> Result:
    return Result(fence, (), UNTOLD, UNTOLD, Outcome.ABORTED, "puk-counter-changed")


def _service(enrolled: cast.Enrolled, kind: OperationKind = OperationKind.UNLOCK) -> CardService:
    operation = cast.authorised(enrolled, kind=kind)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    return CardService(capability, enrolled.simulated, cast.NOW)
