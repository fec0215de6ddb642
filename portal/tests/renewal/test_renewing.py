"""A renewal at home, from the PIN on a simulated card to what the authority says; torn, killed, refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import transaction
from portal.tests import cast
from portal.tests.card_service import Refused
from portal.tests.cast import AYSES_BROWSER, NOW
from portal.tests.certificates.made import answered
from portal.tests.marks import ON_BOTH
from portal.tests.renewal.renewing import CardInUse, RenewingService, in_use
from pytest_django import Settings

from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.families.piv_signing import SigningOutcome
from kilitcoz_cards.pin import Pin
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations.errors import HolderFrozen, OperationNotFound
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.models import State as OperationStands
from kilitcoz_portal.renewal import services
from kilitcoz_portal.renewal.errors import NotDue, NothingToRenew, RenewalNotOffered, RenewedOften
from kilitcoz_portal.renewal.models import RenewalKey
from kilitcoz_portal.vault import management
from kilitcoz_portal.vault.models import CardManagementKey
from kilitcoz_simulator import FaultPlan, Moment, Tear, When

pytestmark = ON_BOTH

ISSUE = "kilitcoz_portal.ca.services.EmbeddedAuthority.issue"
SET_STATUS = "kilitcoz_portal.ca.services.EmbeddedAuthority.set_status"
HOUR = timedelta(hours=1)


@pytest.fixture
def ayses(database: str, founded: None, settings: Settings) -> CardInUse:
    """Her card in use; renewals are offered."""
    settings.KILITCOZ_RENEWAL_DAYS = 60
    return in_use(cast.ayse())


def start(card: CardInUse, now: datetime) -> Operation:
    card.enrolled.card.refresh_from_db()
    return services.start(card.enrolled.holder, card.enrolled.card, AYSES_BROWSER, "tr", now)


def new_ones(card: CardInUse) -> list[Certificate]:
    return [each for each in card.certificates if each.replaces_id is not None]


def test_new_certificates_are_open_and_the_old_ones_stay_valid_to_their_end(ayses: CardInUse) -> None:
    now, old = ayses.near_the_end, ayses.certificates
    answer = ayses.renewal(now).renew()
    assert answer.operation_state == OperationStands.SUCCEEDED
    new = new_ones(ayses)
    assert {each.slot for each in new} == {"9c", "9a"}
    assert {each.state for each in ayses.certificates} == {State.VALID}
    assert all(each.not_after > each.replaces.not_after for each in new if each.replaces is not None)
    assert {answered(each, now) for each in new + old} == {"GOOD"}
    assert {each.replaces_id for each in new} == {each.pk for each in old if each.slot != "9e"}
    for each in new:
        enrolled = ayses.enrolled.card.certificates.get(slot=each.slot)
        assert bytes(enrolled.der) == bytes(each.der)
    assert AuditEvent.objects.filter(event="management-key-used").count() == 2
    assert AuditEvent.objects.filter(event="card-renewed").count() == 1


def test_a_report_that_is_repeated_is_answered_and_opens_nothing_twice(ayses: CardInUse) -> None:
    service = ayses.renewal(ayses.near_the_end)
    service.claim()
    issued = service.keys(service.make(service.plan()))
    assert service.keys(service.make(service.plan())).certificates == issued.certificates
    service.write(issued)
    assert service.written(issued) == service.written(issued)
    assert AuditEvent.objects.filter(event="card-renewed").count() == 1
    assert len(new_ones(ayses)) == 2


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a24_torn_at_every_writing_command_the_next_operation_ends_well(
    ayses: CardInUse, moment: Moment
) -> None:
    now = ayses.near_the_end
    for run, (ins, which) in enumerate([(0x47, 1), (0x47, 2), (0xDB, 1), (0xDB, 2)]):
        ayses.enrolled.simulated.give_faults(FaultPlan([Tear(moment, When(which, ins))]))
        cut_off(ayses.renewal(now + run * HOUR))
        assert {each.state for each in ayses.certificates if each.replaces_id is None} == {State.VALID}
        ayses.enrolled.simulated.give_faults(FaultPlan())
    assert ayses.renewal(now + 9 * HOUR).renew().operation_state == OperationStands.SUCCEEDED
    opened = [each for each in new_ones(ayses) if each.state == State.VALID]
    assert {each.slot for each in opened} == {"9c", "9a"}


def cut_off(service: RenewingService) -> None:
    """A run that the tear ends somewhere."""
    service.claim()
    report = service.make(service.plan())
    if report.pin.outcome is not SigningOutcome.SIGNED:
        service.abort("card-lost")
        return
    issued = service.keys(report)
    with pytest.raises(CardsError):
        service.write(issued)
    service.abort("card-lost")


def test_a_key_without_a_certificate_waits_while_the_authority_is_away(ayses: CardInUse) -> None:
    now = ayses.near_the_end
    service = ayses.renewal(now)
    service.claim()
    report = service.make(service.plan())
    with mock.patch(ISSUE, side_effect=CaUnavailable), pytest.raises(Refused, match="ca-unavailable"):
        service.keys(report)
    service.abort("ca-unavailable")
    waiting = {row.slot: bytes(row.public_key) for row in RenewalKey.objects.all()}
    assert set(waiting) == {"9c", "9a"}
    assert ayses.renewal(now + HOUR).renew().operation_state == OperationStands.SUCCEEDED
    assert {row.slot: bytes(row.public_key) for row in RenewalKey.objects.all()} == waiting
    assert len(new_ones(ayses)) == 2, "no wish was made twice"


def test_a25_what_could_not_be_opened_is_opened_when_the_report_comes_again(ayses: CardInUse) -> None:
    service = ayses.renewal(ayses.near_the_end)
    service.claim()
    issued = service.keys(service.make(service.plan()))
    service.write(issued)
    with mock.patch(SET_STATUS, side_effect=CaUnavailable), pytest.raises(Refused, match="ca-unavailable"):
        service.written(issued)
    assert {each.state for each in new_ones(ayses)} == {State.PRODUCED}
    assert RenewalKey.objects.filter(written_at=None).count() == 2
    assert service.written(issued).operation_state == OperationStands.SUCCEEDED
    assert {each.state for each in new_ones(ayses)} == {State.VALID}


def test_without_the_pin_nothing_is_made_and_nothing_certified(ayses: CardInUse) -> None:
    service = ayses.renewal(ayses.near_the_end)
    service.claim()
    service.pin = Pin.from_text("999999")
    before = ayses.enrolled.simulated.state.keys
    assert service.make(service.plan()).pin.outcome is SigningOutcome.PIN_WRONG
    assert ayses.enrolled.simulated.state.keys == before
    assert not RenewalKey.objects.exists()


def test_a_key_that_did_not_sign_for_this_operation_is_not_certified(ayses: CardInUse) -> None:
    now = ayses.near_the_end
    first = ayses.renewal(now)
    first.claim()
    report = first.make(first.plan())
    first.abort("card-lost")
    second = ayses.renewal(now + HOUR)
    second.claim()
    with pytest.raises(Refused, match="renewal-key-unproved"):
        second.keys(report)
    swapped = replace(report, keys=(replace(report.keys[0], slot="9a"), replace(report.keys[1], slot="9c")))
    with pytest.raises(Refused, match="renewal-key-unproved"):
        second.keys(swapped)
    with pytest.raises(Refused, match="renewal-key-unproved"):
        second.keys(replace(report, keys=report.keys[:1]))
    assert not new_ones(ayses)


def test_what_was_not_given_is_not_taken_for_written(ayses: CardInUse) -> None:
    service = ayses.renewal(ayses.near_the_end)
    service.claim()
    issued = service.keys(service.make(service.plan()))
    other = replace(issued, certificates={slot: der + b"\0" for slot, der in issued.certificates.items()})
    for told in (other, replace(issued, certificates={"9c": issued.certificates["9c"]})):
        with pytest.raises(Refused, match="operation-state"):
            service.written(told)
    assert {each.state for each in new_ones(ayses)} == {State.PRODUCED}


def test_the_management_key_answers_a_few_times_in_one_operation_and_no_more(ayses: CardInUse) -> None:
    service = ayses.renewal(ayses.near_the_end)
    service.claim()
    service.plan()
    for _ in range(services.ANSWERS):
        service.answer(management.ALGORITHM, bytes(16))
    with pytest.raises(Refused, match="too-many-attempts"):
        service.answer(management.ALGORITHM, bytes(16))


def test_before_the_card_was_identified_nothing_is_answered(ayses: CardInUse) -> None:
    service = ayses.renewal(ayses.near_the_end)
    card, service.card = service.card, None
    service.claim()
    with pytest.raises(Refused, match="operation-state"):
        service.plan()
    with pytest.raises(Refused, match="operation-state"):
        service.answer(management.ALGORITHM, bytes(16))
    service.card = card


def test_too_long_before_the_end_the_day_is_told(ayses: CardInUse) -> None:
    with pytest.raises(NotDue) as refused:
        start(ayses, NOW + HOUR)
    assert refused.value.until == ayses.near_the_end + timedelta(days=10) - timedelta(days=60)


def test_where_it_is_not_offered_nothing_begins(ayses: CardInUse, settings: Settings) -> None:
    settings.KILITCOZ_RENEWAL_DAYS = 0
    with pytest.raises(RenewalNotOffered):
        start(ayses, ayses.near_the_end)


@pytest.mark.parametrize("lacks", ["card key", "management key"])
def test_a_card_that_cannot_be_renewed_at_home_is_told_so(ayses: CardInUse, lacks: str) -> None:
    if lacks == "card key":
        Card.objects.update(card_auth_key=None)
    else:
        CardManagementKey.objects.update(proved_at=None)
    with pytest.raises(RenewalNotOffered):
        start(ayses, ayses.near_the_end)


def test_only_what_is_valid_is_renewed(ayses: CardInUse) -> None:
    now = ayses.near_the_end
    certificates.suspend(ayses.certificates, HOLDER, Reason.LOST, now)
    with pytest.raises(NothingToRenew):
        start(ayses, now)
    certificates.resume(ayses.certificates, HOLDER, now)
    with pytest.raises(NothingToRenew):
        start(ayses, max(each.not_after for each in ayses.certificates))
    certificates.revoke(ayses.certificates, HOLDER, Reason.LOST, now)
    with pytest.raises(NothingToRenew):
        start(ayses, now)


def test_renewed_as_often_as_may_be_somebody_must_look(ayses: CardInUse) -> None:
    ayses.renewal(ayses.near_the_end).renew()
    second_end = min(each.not_after for each in new_ones(ayses)) - timedelta(days=10)
    with pytest.raises(RenewedOften):
        start(ayses, second_end)


def test_a39_revoked_while_a_renewal_is_open_nothing_new_is_certified(ayses: CardInUse) -> None:
    now = ayses.near_the_end
    service = ayses.renewal(now)
    service.claim()
    report = service.make(service.plan())
    certificates.revoke(ayses.certificates, HOLDER, Reason.STOLEN, now)
    with pytest.raises(Refused, match="operation-state"):
        service.keys(report)
    assert not new_ones(ayses)


def test_a_frozen_holder_renews_nothing(ayses: CardInUse) -> None:
    with transaction.atomic():
        freezing.freeze(ayses.enrolled.holder.pk, NOW, kind="pin-changed")
    ayses.enrolled.holder.refresh_from_db()
    with pytest.raises(HolderFrozen):
        start(ayses, ayses.near_the_end)


def test_a40_another_holders_card_is_answered_as_one_that_is_not_there(ayses: CardInUse) -> None:
    with pytest.raises(OperationNotFound):
        services.start(cast.mehmet(), ayses.enrolled.card, AYSES_BROWSER, "tr", NOW)


def test_a21_a_renewal_gets_no_puk(ayses: CardInUse) -> None:
    service = ayses.renewal(ayses.near_the_end)
    service.claim()
    with pytest.raises(Refused, match="operation-state"):
        service.release()
