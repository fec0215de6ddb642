"""Kullanıma Aç, from the first PIN on a simulated card to what CRL and OCSP say."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.db import transaction
from portal.tests.activation.new_card import NewCard, hand_over
from portal.tests.card_service import Refused
from portal.tests.cast import AYSES_BROWSER, KEREMS_BROWSER, NOW, mehmet, somebody
from portal.tests.certificates.made import answered, listed
from portal.tests.marks import ON_BOTH

from kilitcoz_cards.messages import CardDecision, OperationKind
from kilitcoz_portal.activation import queries
from kilitcoz_portal.activation import services as activation
from kilitcoz_portal.activation.errors import NotBegun, NothingToOpen, WordLoginNeeded
from kilitcoz_portal.activation.models import OwedOpening
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationNotFound, OperationOpenElsewhere
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.models import State as OperationStands
from kilitcoz_simulator import FaultPlan, Moment, Tear, When

pytestmark = ON_BOTH

LATER = NOW + timedelta(hours=1)
AUTHORITY = "kilitcoz_portal.ca.services.EmbeddedAuthority.set_status"


@pytest.mark.parametrize("blocked", [False, True], ids=["pin-random", "pin-blocked"])
def test_the_first_pin_opens_every_certificate_of_the_card_and_crl_and_ocsp_say_so(
    database: str, founded: None, blocked: bool
) -> None:
    new = hand_over(somebody(), blocked=blocked)
    assert len(listed()) == 3
    service = new.service()
    answer = service.unlock()
    assert service.decision is not None
    assert service.decision.decision is CardDecision.PROCEED
    assert answer.operation_state == OperationStands.SUCCEEDED
    assert new.states == {State.VALID}
    assert listed() == {}
    assert {answered(each, NOW) for each in new.certificates} == {"GOOD"}
    receipt = queries.receipt(service.capability.op)
    assert (receipt.opened_at, receipt.owed, receipt.told) == (NOW, False, True)
    assert receipt.good_until == min(each.not_after for each in new.certificates)


def test_the_holder_is_told_once_that_the_card_is_open(ayses: NewCard) -> None:
    service = ayses.service()
    service.unlock()
    assert list(Notice.objects.values_list("kind", flat=True)) == [Kind.CERTIFICATE_OPENED]
    told = AuditEvent.objects.filter(event="holder-told").values_list("operation_id", flat=True)
    assert list(told) == [service.capability.op]


def test_only_a_login_with_the_security_word_serves(ayses: NewCard) -> None:
    with pytest.raises(WordLoginNeeded):
        ayses.begin(by_word=False)
    assert not Operation.objects.exists()


def test_nothing_begins_before_the_certificates_do_and_the_day_is_told(ayses: NewCard) -> None:
    begins = NOW + timedelta(days=3)
    Certificate.objects.filter(pk=ayses.certificates[0].pk).update(not_before=begins)
    with pytest.raises(NotBegun) as refused:
        ayses.begin()
    assert refused.value.until == begins
    assert not Operation.objects.exists()
    assert not ayses.enrolled.simulated.log.commands
    assert ayses.begin(begins).kind == OperationKind.ACTIVATE


@pytest.mark.parametrize("state", [State.PRODUCED, State.VALID, State.SUSPENDED, State.REVOKED])
def test_a_card_with_nothing_that_waits_is_not_activated(ayses: NewCard, state: State) -> None:
    if state is State.PRODUCED:
        Certificate.objects.update(state=state)
    else:
        certificates.open_for_use(ayses.certificates, NOW)
    if state is State.SUSPENDED:
        certificates.suspend(ayses.certificates, HOLDER, Reason.LOST, NOW)
    if state is State.REVOKED:
        certificates.revoke(ayses.certificates, HOLDER, Reason.LOST, NOW)
    with pytest.raises(NothingToOpen):
        ayses.begin()


def test_a40_another_holders_card_is_answered_as_one_that_is_not_there(ayses: NewCard) -> None:
    with pytest.raises(OperationNotFound):
        activation.start(mehmet(), ayses.enrolled.card, AYSES_BROWSER, "tr", NOW, by_word=False)


@pytest.mark.parametrize("ins", [0x24, 0x2C, 0x20], ids=["change-puk", "set-pin", "verify"])
@pytest.mark.parametrize("moment", [*Moment])
def test_a24_torn_at_every_command_nothing_is_open_and_a_second_run_opens(
    ayses: NewCard, moment: Moment, ins: int
) -> None:
    service = ayses.service()
    service.claim()
    release = service.release()
    ayses.enrolled.simulated.give_faults(FaultPlan([Tear(moment, When(1, ins))]))
    assert service.report(service.transact(release)).operation_state == OperationStands.IN_DOUBT
    ayses.enrolled.simulated.give_faults(FaultPlan())
    assert ayses.states == {State.AWAITING_ACTIVATION}
    assert ayses.service(LATER).unlock().operation_state == OperationStands.SUCCEEDED
    assert ayses.states == {State.VALID}


def test_a25_killed_before_the_end_was_written_it_opens_when_the_report_comes_again(ayses: NewCard) -> None:
    service = ayses.service()
    service.claim()
    report = service.transact(service.release())
    with mock.patch(AUTHORITY, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        service.report(report)
    assert Operation.objects.get().state == OperationStands.RELEASED
    assert ayses.states == {State.AWAITING_ACTIVATION}
    assert service.report(report).operation_state == OperationStands.SUCCEEDED
    assert service.report(report).operation_state == OperationStands.SUCCEEDED
    assert ayses.states == {State.VALID}
    assert AuditEvent.objects.filter(event="certificate-opened").count() == 1


def test_what_the_authority_cannot_do_does_not_undo_the_pin_and_is_done_later(ayses: NewCard) -> None:
    service = ayses.service()
    with mock.patch(AUTHORITY, side_effect=CaUnavailable):
        assert service.unlock().operation_state == OperationStands.SUCCEEDED
        assert activation.sweep(NOW) == 0
    assert ayses.states == {State.AWAITING_ACTIVATION}
    assert list(Notice.objects.values_list("kind", flat=True)) == [Kind.PIN_CHANGED]
    assert queries.receipt(service.capability.op).owed
    assert activation.sweep(LATER) == 1
    assert activation.sweep(LATER) == 0
    assert ayses.states == {State.VALID}
    receipt = queries.receipt(service.capability.op)
    assert (receipt.opened_at, receipt.owed) == (LATER, False)
    assert set(Notice.objects.values_list("kind", flat=True)) == {Kind.PIN_CHANGED, Kind.CERTIFICATE_OPENED}


def test_what_is_owed_is_opened_at_the_holders_next_contact(ayses: NewCard) -> None:
    with mock.patch(AUTHORITY, side_effect=CaUnavailable):
        ayses.service().unlock()
    with pytest.raises(NothingToOpen):
        ayses.begin(LATER)
    assert ayses.states == {State.VALID}


def test_what_is_owed_is_not_opened_after_it_was_suspended_and_lifted_again(ayses: NewCard) -> None:
    with mock.patch(AUTHORITY, side_effect=CaUnavailable):
        ayses.service().unlock()
    certificates.suspend(ayses.certificates, HOLDER, Reason.LOST, LATER)
    certificates.resume(ayses.certificates, HOLDER, LATER)
    assert activation.sweep(LATER) == 0
    assert ayses.states == {State.AWAITING_ACTIVATION}
    assert OwedOpening.objects.get().given_up == "activation-nothing"


def test_it_was_not_me_while_the_card_was_at_work_opens_nothing_then_or_later(ayses: NewCard) -> None:
    service = ayses.service()
    service.claim()
    report = service.transact(service.release())
    with transaction.atomic():
        freezing.freeze(ayses.enrolled.holder.pk, NOW, kind="pin-changed")
    assert service.report(report).operation_state == OperationStands.SUCCEEDED
    Holder.objects.update(frozen_at=None)
    assert activation.sweep(LATER) == 0
    assert ayses.states == {State.AWAITING_ACTIVATION}
    assert not queries.receipt(service.capability.op).owed


def test_a39_revoked_while_an_activation_is_open_the_operation_ends(ayses: NewCard) -> None:
    service = ayses.service()
    service.claim()
    certificates.revoke(ayses.certificates, HOLDER, Reason.LOST, NOW)
    with pytest.raises(Refused, match="operation-state"):
        service.release()
    assert Operation.objects.get().state == OperationStands.CANCELLED


def test_a39_revoked_while_the_card_was_at_work_stays_revoked(ayses: NewCard) -> None:
    service = ayses.service()
    service.claim()
    report = service.transact(service.release())
    certificates.revoke(ayses.certificates, HOLDER, Reason.STOLEN, NOW)
    assert service.report(report).operation_state == OperationStands.SUCCEEDED
    assert ayses.states == {State.REVOKED}
    assert {answered(each, NOW) for each in ayses.certificates} == {"key_compromise"}
    assert queries.receipt(service.capability.op).opened_at is None


def test_a28_one_activation_of_a_card_at_a_time(ayses: NewCard) -> None:
    first = ayses.begin()
    assert ayses.begin().pk == first.pk
    holder, card = ayses.enrolled.holder, ayses.enrolled.card
    with pytest.raises(OperationOpenElsewhere):
        activation.start(holder, card, KEREMS_BROWSER, "tr", NOW, by_word=True)
    with pytest.raises(OperationOpenElsewhere):
        operations.start(holder, card, OperationKind.UNLOCK, AYSES_BROWSER, "tr", NOW)
