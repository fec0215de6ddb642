"""What the verbs write beside the state: history, audit, notices; and whom they refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from portal.tests.certificates.made import DESK, MINUTE, Made, answered, bring, listed, make, public_key
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW, mehmet

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca import services as ca
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.ca.models import Issued
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import issuing, queries, services
from kilitcoz_portal.certificates.actors import HOLDER, SYSTEM, operator
from kilitcoz_portal.certificates.errors import (
    CertificateNotFound,
    EndWrong,
    NoSuchChange,
    NotAllowed,
    NotYetValid,
    RevokedIsFinal,
    SubjectIncomplete,
)
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.certificates.models import Certificate, Change, State
from kilitcoz_portal.certificates.reasons import CRL_REASON, Reason
from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation

pytestmark = ON_BOTH


def test_a_certificate_tells_its_history(ayses: Made) -> None:
    moment = bring(ayses, State.SUSPENDED)
    services.resume(ayses.certificates, HOLDER, moment + MINUTE)
    told = [
        (each.deed, each.from_state, each.to_state, each.role, each.by)
        for each in queries.history(ayses.certificates[0])
    ]
    assert told == [
        ("produce", "", "produced", "registrar", "Elif"),
        ("hand_over", "produced", "awaiting_activation", "registrar", "Elif"),
        ("open", "awaiting_activation", "valid", "holder", ""),
        ("suspend", "valid", "suspended", "holder", ""),
        ("resume", "suspended", "valid", "holder", ""),
    ]


def test_every_deed_is_written_down_once_for_the_card(ayses: Made) -> None:
    bring(ayses, State.REVOKED)
    events = AuditEvent.objects.filter(event__startswith="certificate-", card_id=ayses.card.pk)
    assert [each.event for each in events.order_by("pk")] == [
        *["certificate-produced"] * 3,
        "certificate-handed-over",
        "certificate-opened",
        "certificate-revoked",
    ]
    last = events.order_by("pk").last()
    assert last is not None
    assert last.detail["reason"] == "stolen"
    assert len(last.detail["serials"].split()) == 3


def test_the_holder_is_told_of_what_they_must_know(ayses: Made) -> None:
    moment = bring(ayses, State.SUSPENDED)
    services.resume(ayses.certificates, HOLDER, moment)
    services.revoke(ayses.certificates, HOLDER, Reason.LOST, moment)
    assert [each.kind for each in Notice.objects.order_by("pk")] == [
        "certificate-opened",
        "certificate-suspended",
        "certificate-resumed",
        "certificate-revoked",
    ]
    assert {each.card for each in Notice.objects.all()} == {"4821"}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_name_in_the_list(ayses: Made, reason: Reason) -> None:
    moment = bring(ayses, State.VALID)
    services.revoke(ayses.certificates, HOLDER, reason, moment)
    assert set(listed().values()) == {CRL_REASON[reason]}


def test_since_when_it_may_have_been_misused_is_told_and_lies_in_the_past(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    with pytest.raises(EndWrong):
        services.revoke(ayses.certificates, HOLDER, Reason.STOLEN, moment, invalid_since=moment + MINUTE)
    services.revoke(ayses.certificates, HOLDER, Reason.STOLEN, moment, invalid_since=NOW)
    assert {each.invalid_since for each in Issued.objects.all()} == {NOW}
    assert {each.status_at for each in Issued.objects.all()} == {moment}


def test_opening_twice_changes_nothing_the_second_time(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    assert services.open_for_use(ayses.certificates, moment + MINUTE) == []
    assert Change.objects.filter(deed="open").count() == 3


def test_nothing_is_opened_before_its_first_day(ayses: Made) -> None:
    bring(ayses, State.AWAITING_ACTIVATION)
    Certificate.objects.update(not_before=NOW + timedelta(days=2))
    with pytest.raises(NotYetValid) as refused:
        services.open_for_use(ayses.certificates, NOW + timedelta(days=1))
    assert refused.value.begins == NOW + timedelta(days=2)
    assert ayses.states == {"awaiting_activation"}


def test_a_frozen_holder_opens_and_resumes_nothing_but_may_revoke(ayses: Made) -> None:
    moment = bring(ayses, State.AWAITING_ACTIVATION)
    Holder.objects.update(frozen_at=moment)
    with pytest.raises(HolderFrozen):
        services.open_for_use(ayses.certificates, moment)
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment)
    with pytest.raises(HolderFrozen):
        services.resume(ayses.certificates, HOLDER, moment)
    services.revoke(ayses.certificates, HOLDER, Reason.LOST, moment)
    assert ayses.states == {"revoked"}


def test_what_was_suspended_before_it_was_opened_waits_again_afterwards(ayses: Made) -> None:
    moment = bring(ayses, State.AWAITING_ACTIVATION)
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment)
    services.resume(ayses.certificates, HOLDER, moment)
    assert ayses.states == {"awaiting_activation"}
    assert answered(ayses.certificates[0], moment) == "certificate_hold"


def test_an_operators_suspension_takes_over_the_holders_and_not_the_other_way(ayses: Made) -> None:
    moment = bring(ayses, State.SUSPENDED, operator("Zeynep"))
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment, until=moment + MINUTE)
    assert {each.held_by for each in ayses.certificates} == {"operator"}
    assert {each.suspended_until for each in ayses.certificates} == {moment + timedelta(days=30)}
    services.suspend(ayses.certificates, SYSTEM, Reason.NOT_ME, moment)
    assert {each.held_by for each in ayses.certificates} == {"system"}


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_a_suspension_ends_within_what_is_allowed(ayses: Made, days: int) -> None:
    moment = bring(ayses, State.VALID)
    with pytest.raises(EndWrong):
        services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment, until=moment + timedelta(days=days))
    assert ayses.states == {"valid"}


def test_all_of_a_holders_cards_are_suspended_at_once(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    other, theirs = make(ayses.holder, "90215555"), make(mehmet(), "90216666")
    bring(other, State.AWAITING_ACTIVATION)
    bring(theirs, State.VALID)
    suspended = services.suspend_all(ayses.holder.pk, SYSTEM, Reason.NOT_ME, moment)
    assert len(suspended) == 6
    assert (ayses.states, other.states, theirs.states) == ({"suspended"}, {"suspended"}, {"valid"})
    assert services.suspend_all(ayses.holder.pk, SYSTEM, Reason.NOT_ME, moment) == []


def test_certificates_of_two_cards_are_not_changed_in_one_deed(ayses: Made) -> None:
    other = make(ayses.holder, "90215555")
    with pytest.raises(CertificateNotFound):
        services.hand_over([*ayses.certificates, *other.certificates], DESK, NOW)


def test_where_one_cannot_change_none_of_the_card_does(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    services.revoke(ayses.certificates[:1], HOLDER, Reason.LOST, moment)
    with pytest.raises(RevokedIsFinal):
        services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment)
    assert ayses.states == {"revoked", "valid"}


def test_a_deed_that_is_rolled_back_left_no_trace(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    events = AuditEvent.objects.count()
    with transaction.atomic():
        services.revoke(ayses.certificates, HOLDER, Reason.LOST, moment)
        transaction.set_rollback(True)
    assert ayses.states == {"valid"}
    assert listed() == {}
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("deed", [services.suspend, services.revoke])
def test_a39_what_ends_a_certificate_ends_the_open_unlock(ayses: Made, deed: object) -> None:
    moment = bring(ayses, State.VALID)
    operation = operations.start(
        ayses.holder, ayses.card, OperationKind.UNLOCK, "ayses-browser", "tr", moment
    )
    assert callable(deed)
    deed(ayses.certificates, HOLDER, Reason.LOST, moment)
    assert Operation.objects.get(pk=operation.pk).state == "cancelled"


def test_a39_suspend_open_revoke_open_again(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    steps = [
        (lambda at: services.suspend(ayses.certificates, HOLDER, Reason.LOST, at), "certificate_hold"),
        (lambda at: services.resume(ayses.certificates, HOLDER, at), "GOOD"),
        (lambda at: services.revoke(ayses.certificates, HOLDER, Reason.LOST, at), "key_compromise"),
    ]
    for step, said in steps:
        moment += MINUTE
        step(moment)
        assert {answered(each, moment) for each in ayses.certificates} == {said}
    for again in (services.open_for_use, lambda rows, at: services.resume(rows, HOLDER, at)):
        with pytest.raises(RevokedIsFinal):
            again(ayses.certificates, moment)
    assert {answered(each, moment) for each in ayses.certificates} == {"key_compromise"}
    assert set(listed()) == {each.serial_number for each in ayses.certificates}


def test_asked_again_for_the_same_wish_it_is_the_same_certificate(ayses: Made) -> None:
    wish = Production(ayses.card, "9c", ProfileName.SIGNATURE, public_key(), services.request_id())
    first = issuing.produce(wish, DESK, NOW)
    assert issuing.produce(wish, DESK, NOW + MINUTE).pk == first.pk
    assert Issued.objects.count() == Certificate.objects.count() == 4


def test_an_operator_makes_no_certificate(ayses: Made) -> None:
    wish = Production(ayses.card, "9c", ProfileName.SIGNATURE, public_key(), services.request_id())
    with pytest.raises(NotAllowed):
        issuing.produce(wish, operator("Zeynep"), NOW)


def test_an_authority_that_is_away_leaves_nothing_half_done(
    ayses: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> bytes:
        raise CaUnavailable

    wish = Production(ayses.card, "9c", ProfileName.SIGNATURE, public_key(), services.request_id())
    with monkeypatch.context() as patched:
        patched.setattr(ca.EmbeddedAuthority, "issue", away)
        with pytest.raises(CaUnavailable):
            issuing.produce(wish, DESK, NOW)
    assert Certificate.objects.count() == 3
    issuing.produce(wish, DESK, NOW)
    assert Certificate.objects.count() == 4


def test_a_name_is_divided_as_it_was_enrolled_else_at_its_last_word(ayses: Made) -> None:
    holder = ayses.holder
    holder.name = "Ayşe Işıl Yılmaz Demir"
    assert issuing.person(holder).surname == "Demir"
    holder.surname = "Yılmaz Demir"
    person = issuing.person(holder)
    assert (person.given_name, person.surname) == ("Ayşe Işıl", "Yılmaz Demir")


def test_a_passport_needs_its_country(ayses: Made) -> None:
    holder = ayses.holder
    holder.id_kind, holder.id_number = Holder.IdKind.PASSPORT, "U1234567"
    with pytest.raises(SubjectIncomplete):
        issuing.person(holder)
    holder.passport_of = "DE"
    assert issuing.person(holder).subject().rfc4514_string().count("PASDE-U1234567") == 1


def test_a_certificate_past_its_end_is_no_longer_changed_even_before_the_sweep(ayses: Made) -> None:
    bring(ayses, State.VALID)
    row = ayses.certificates[0]
    with pytest.raises(NoSuchChange):
        services.suspend(ayses.certificates, HOLDER, Reason.LOST, row.not_after)
    assert queries.state_of(row, row.not_after) is State.EXPIRED
    row.state = State.REVOKED
    assert queries.state_of(row, row.not_after) is State.REVOKED
