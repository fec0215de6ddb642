"""Who may not have a card unlocked, before an operation and inside one: changed phone, own choice, freeze."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from portal.tests import cast
from portal.tests.card_service import CardService, Refused
from portal.tests.cast import NOW
from portal.tests.marks import ON_BOTH
from pytest_django.fixtures import Settings

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import contacts, freezing
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import (
    HolderFrozen,
    OperationError,
    PhoneJustChanged,
    RemoteUnlockJustAllowed,
    RemoteUnlockOff,
)
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.signin import call_centre
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = ON_BOTH

HOUR = timedelta(hours=1)
NEW_PHONE = "+905321112233"


@pytest.fixture(autouse=True)
def outbox(settings: Settings) -> None:
    settings.KILITCOZ_SMS_GATEWAY = "outbox"


@pytest.fixture
def enrolled() -> cast.Enrolled:
    return cast.card_of(cast.ayse())


def start(
    enrolled: cast.Enrolled,
    now: datetime,
    kind: OperationKind = OperationKind.UNLOCK,
    *,
    beyond_phone: bool = False,
) -> Operation:
    enrolled.holder.refresh_from_db()
    return operations.start(
        enrolled.holder, enrolled.card, kind, cast.AYSES_BROWSER, "tr", now, beyond_phone=beyond_phone
    )


def allow_remote_unlock(enrolled: cast.Enrolled, now: datetime, *, allowed: bool) -> None:
    with transaction.atomic():
        contacts.allow_remote_unlock(enrolled.holder.pk, now, allowed=allowed)


def freeze(enrolled: cast.Enrolled) -> None:
    with transaction.atomic():
        freezing.freeze(enrolled.holder.pk, NOW, kind="word-changed")
        operations.withdraw_all(enrolled.holder.pk, NOW)


def test_a10_a_phone_changed_by_the_call_centre_unlocks_after_72_hours_and_both_phones_are_told(
    enrolled: cast.Enrolled,
) -> None:
    call_centre.change_phone(enrolled.holder, NEW_PHONE, NOW, lambda: None, by="Zeynep Kaya")
    told = OutboxMessage.objects.filter(text__contains="telefon numaranız değişti")
    assert sorted(told.values_list("to", flat=True)) == [NEW_PHONE, "+905321234567"]
    for later in (HOUR, timedelta(hours=71, minutes=59)):
        with pytest.raises(PhoneJustChanged) as held:
            start(enrolled, NOW + later)
        assert held.value.until == NOW + timedelta(hours=72)
    refused = AuditEvent.objects.filter(event="operation-refused")
    assert refused.count() == 2
    assert refused[0].detail == {"kind": "unlock", "code": "phone-just-changed"}
    assert start(enrolled, NOW + timedelta(hours=72)).state == State.AWAITING_CODE


def test_a10_who_proved_more_than_word_and_phone_does_not_wait(enrolled: cast.Enrolled) -> None:
    call_centre.change_phone(enrolled.holder, NEW_PHONE, NOW, lambda: None, by="Zeynep Kaya")
    assert start(enrolled, NOW + HOUR, beyond_phone=True).beyond_phone


def test_a10_a_phone_changed_while_an_operation_is_open_stops_it_before_the_secret(
    enrolled: cast.Enrolled,
) -> None:
    service = identified(enrolled)
    call_centre.change_phone(enrolled.holder, NEW_PHONE, NOW, lambda: None, by="Zeynep Kaya")
    with pytest.raises(Refused, match="phone-just-changed"):
        service.release()
    assert AuditEvent.objects.get(event="release-refused").detail == {"code": "phone-just-changed"}


def test_a10_a_second_change_begins_the_72_hours_anew(enrolled: cast.Enrolled) -> None:
    call_centre.change_phone(enrolled.holder, NEW_PHONE, NOW, lambda: None, by="Zeynep Kaya")
    enrolled.holder.refresh_from_db()
    call_centre.change_phone(
        enrolled.holder, "+905324445566", NOW + 71 * HOUR, lambda: None, by="Zeynep Kaya"
    )
    with pytest.raises(PhoneJustChanged):
        start(enrolled, NOW + 73 * HOUR)


def test_a_holder_who_wants_no_unlock_from_afar_gets_none_whatever_was_proved(
    enrolled: cast.Enrolled,
) -> None:
    allow_remote_unlock(enrolled, NOW, allowed=False)
    with pytest.raises(RemoteUnlockOff):
        start(enrolled, NOW + 100 * HOUR, beyond_phone=True)


def test_a_first_pin_is_no_way_round_what_forbids_an_unlock(enrolled: cast.Enrolled) -> None:
    call_centre.change_phone(enrolled.holder, NEW_PHONE, NOW, lambda: None, by="Zeynep Kaya")
    with pytest.raises(PhoneJustChanged):
        start(enrolled, NOW + HOUR, OperationKind.ACTIVATE)
    allow_remote_unlock(enrolled, NOW + HOUR, allowed=False)
    with pytest.raises(RemoteUnlockOff):
        start(enrolled, NOW + 100 * HOUR, OperationKind.ACTIVATE)


def test_allowed_again_it_waits_72_hours(enrolled: cast.Enrolled) -> None:
    allow_remote_unlock(enrolled, NOW, allowed=False)
    allow_remote_unlock(enrolled, NOW + HOUR, allowed=True)
    with pytest.raises(RemoteUnlockJustAllowed) as held:
        start(enrolled, NOW + 72 * HOUR, beyond_phone=True)
    assert held.value.until == NOW + 73 * HOUR
    assert start(enrolled, NOW + 73 * HOUR).state == State.AWAITING_CODE


def test_a_pin_that_is_known_may_be_changed_all_the_same(enrolled: cast.Enrolled) -> None:
    allow_remote_unlock(enrolled, NOW, allowed=False)
    assert start(enrolled, NOW, OperationKind.CHANGE_PIN).state == State.AWAITING_CODE


@pytest.mark.parametrize("kind", [OperationKind.UNLOCK, OperationKind.ACTIVATE, OperationKind.CHANGE_PIN])
def test_a_frozen_holder_begins_nothing_with_a_pin(enrolled: cast.Enrolled, kind: OperationKind) -> None:
    freeze(enrolled)
    with pytest.raises(HolderFrozen):
        start(enrolled, NOW, kind, beyond_phone=True)


def test_a_freeze_withdraws_what_is_open(enrolled: cast.Enrolled) -> None:
    operation = cast.authorised(enrolled)
    freeze(enrolled)
    operation.refresh_from_db()
    assert operation.state == State.CANCELLED
    with transaction.atomic():
        assert operations.withdraw_all(enrolled.holder.pk, NOW) == 0


def test_a_freeze_stops_an_operation_at_its_code_and_at_its_release(enrolled: cast.Enrolled) -> None:
    """Begun at the same moment, so that the freeze did not see it."""
    operation = start(enrolled, NOW)
    with transaction.atomic():
        freezing.freeze(enrolled.holder.pk, NOW, kind="word-changed")
    receipt = cast.receipts.issue(operation.pk, enrolled.card.ref, NOW)
    with pytest.raises(OperationError, match="holder-frozen"):
        operations.authorise(operation.pk, cast.AYSES_BROWSER, receipt, NOW)
    operation.refresh_from_db()
    assert operation.state == State.AWAITING_CODE


def test_a_secret_that_is_out_when_the_freeze_comes_is_reported_and_never_released_again(
    enrolled: cast.Enrolled,
) -> None:
    service = identified(enrolled)
    result = service.transact(service.release())
    freeze(enrolled)
    assert Operation.objects.get().state == State.RELEASED
    with pytest.raises(Refused, match="holder-frozen"):
        service.release()
    assert service.report(result).operation_state == State.SUCCEEDED


def identified(enrolled: cast.Enrolled) -> CardService:
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, NOW)
    service = CardService(capability, enrolled.simulated, NOW)
    service.claim()
    return service
