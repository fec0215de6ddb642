"""What time does: expiry, ends of suspensions, planned revocations, and what two operators decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal.tests.certificates.made import MINUTE, Made, answered, bring, listed
from portal.tests.marks import ON_BOTH
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.certificates import ends, planning, proposals, services
from kilitcoz_portal.certificates.actors import HOLDER, SYSTEM, Actor, operator
from kilitcoz_portal.certificates.errors import EndWrong, NoSuchChange, NotAllowed, ProposalRefused
from kilitcoz_portal.certificates.models import Proposal, Role, State, StatusOrder
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import Deed
from kilitcoz_portal.notices.models import Notice

pytestmark = ON_BOTH
DAY = timedelta(days=1)
TWO = Actor(Role.TWO_OPERATORS, "Zeynep", "Deniz")


@pytest.mark.parametrize("state", [State.PRODUCED, State.AWAITING_ACTIVATION, State.VALID, State.SUSPENDED])
def test_what_lives_expires_in_its_last_moment(ayses: Made, state: State) -> None:
    bring(ayses, state)
    end = ayses.certificates[0].not_after
    assert ends.sweep(ayses.certificates[0].state_at) == 0
    ends.sweep(end)
    assert ayses.states <= {"expired", "revoked"}  # a suspension's own end came first
    assert ends.sweep(end) == 0


def test_the_revoked_stay_revoked_when_their_time_is_over(ayses: Made) -> None:
    bring(ayses, State.REVOKED)
    ends.sweep(ayses.certificates[0].not_after)
    assert ayses.states == {"revoked"}


@pytest.mark.parametrize(("setting", "state"), [("revoked", "revoked"), ("resumed", "valid")])
def test_the_end_of_a_suspension_brings_what_the_installation_says(
    ayses: Made, settings: Settings, setting: str, state: str
) -> None:
    settings.KILITCOZ_SUSPENSION_ENDS_IN = setting
    moment = bring(ayses, State.SUSPENDED)
    ends.sweep(moment + 30 * DAY - MINUTE)
    assert ayses.states == {"suspended"}
    assert ends.sweep(moment + 30 * DAY) == 3
    assert ayses.states == {state}
    expected = "cessation_of_operation" if state == "revoked" else "GOOD"
    assert {answered(each, moment + 30 * DAY) for each in ayses.certificates} == {expected}


def test_after_it_was_not_me_nothing_comes_into_use_by_itself(ayses: Made, settings: Settings) -> None:
    settings.KILITCOZ_SUSPENSION_ENDS_IN = "resumed"
    moment = bring(ayses, State.SUSPENDED, SYSTEM)
    ends.sweep(moment + 30 * DAY)
    assert ayses.states == {"revoked"}


def test_the_holder_is_told_once_that_a_suspension_ends(ayses: Made) -> None:
    moment = bring(ayses, State.SUSPENDED)
    for hours in (0, 1, 2):
        ends.sweep(moment + 27 * DAY + timedelta(hours=hours))
    assert Notice.objects.filter(kind="suspension-ending").count() == 1


def test_a_planned_revocation_is_made_on_its_day(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    planning.plan(ayses.certificates, HOLDER, Reason.LEFT_INSTITUTION, moment + 5 * DAY, moment)
    ends.sweep(moment + 5 * DAY - MINUTE)
    assert ayses.states == {"valid"}
    ends.sweep(moment + 5 * DAY)
    assert ayses.states == {"revoked"}
    assert {reason.name for reason in listed().values()} == {"affiliation_changed"}


def test_a_plan_that_was_withdrawn_comes_to_nothing(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    planning.plan(ayses.certificates, HOLDER, Reason.NOT_NEEDED, moment + 5 * DAY, moment)
    planning.withdraw(ayses.certificates, HOLDER, moment + DAY)
    assert ends.sweep(moment + 6 * DAY) == 0
    assert ayses.states == {"valid"}
    with pytest.raises(NoSuchChange):
        planning.withdraw(ayses.certificates, HOLDER, moment + DAY)


@pytest.mark.parametrize("days", [-1, 0, 365 * 4])
def test_a_plan_lies_in_the_certificates_own_time(ayses: Made, days: int) -> None:
    moment = bring(ayses, State.VALID)
    with pytest.raises(EndWrong):
        planning.plan(ayses.certificates, HOLDER, Reason.NOT_NEEDED, moment + days * DAY, moment)


def test_one_operator_plans_no_revocation(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    with pytest.raises(NotAllowed):
        planning.plan(ayses.certificates, operator("Zeynep"), Reason.OTHER, moment + DAY, moment)


@pytest.mark.parametrize(
    ("deed", "begin", "reached"),
    [
        (Deed.OPEN, State.AWAITING_ACTIVATION, "valid"),
        (Deed.REVOKE, State.VALID, "revoked"),
        (Deed.RESUME, State.SUSPENDED, "valid"),
    ],
)
def test_what_takes_two_is_done_when_the_second_approves(
    ayses: Made, deed: Deed, begin: State, reached: str
) -> None:
    moment = bring(ayses, begin, operator("Zeynep"))
    asked = proposals.ask(ayses.certificates, deed, by="Zeynep", why="kimliği doğrulandı", now=moment)
    assert ayses.states == {begin.value}
    proposals.approve(asked.pk, by="Deniz", now=moment + timedelta(hours=2))
    assert ayses.states == {reached}
    change = ayses.certificates[0].changes.latest("pk")
    assert (change.role, change.by, change.second) == ("two_operators", "Zeynep", "Deniz")
    assert StatusOrder.objects.latest("pk").asked_at == moment  # the clock runs from the first half


@pytest.mark.parametrize("second", ["Zeynep", "ZEYNEP", " zeynep ", ""])
def test_nobody_approves_what_they_asked_for(ayses: Made, second: str) -> None:
    moment = bring(ayses, State.VALID)
    asked = proposals.ask(ayses.certificates, Deed.REVOKE, by="Zeynep", why="çalındı", now=moment)
    with pytest.raises(ProposalRefused):
        proposals.approve(asked.pk, by=second, now=moment)
    assert ayses.states == {"valid"}


def test_a_proposal_lives_for_a_day_and_is_used_once(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    late = proposals.ask(ayses.certificates, Deed.REVOKE, by="Zeynep", why="çalındı", now=moment)
    with pytest.raises(ProposalRefused):
        proposals.approve(late.pk, by="Deniz", now=moment + DAY)
    used = proposals.ask(ayses.certificates, Deed.REVOKE, by="Zeynep", why="çalındı", now=moment)
    proposals.approve(used.pk, by="Deniz", now=moment)
    with pytest.raises(ProposalRefused):
        proposals.approve(used.pk, by="Deniz", now=moment)


@pytest.mark.parametrize(("by", "why"), [("", "çalındı"), ("Zeynep", "  ")])
def test_nothing_is_asked_for_without_name_or_reason(ayses: Made, by: str, why: str) -> None:
    moment = bring(ayses, State.VALID)
    with pytest.raises(ProposalRefused):
        proposals.ask(ayses.certificates, Deed.REVOKE, by=by, why=why, now=moment)
    assert not Proposal.objects.exists()


def test_an_unapproved_proposal_is_an_alarm_after_half_a_day_and_after_a_day(ayses: Made) -> None:
    moment = bring(ayses, State.VALID)
    proposals.ask(ayses.certificates, Deed.REVOKE, by="Zeynep", why="çalındı", now=moment)
    for hours, alarms in ((11, 0), (12, 1), (13, 1), (24, 2), (48, 2)):
        ends.sweep(moment + timedelta(hours=hours))
        assert AuditEvent.objects.filter(event="certificate-late").count() == alarms


def test_a_card_whose_certificate_was_revoked_by_itself_is_still_swept(ayses: Made) -> None:
    moment = bring(ayses, State.SUSPENDED)
    services.revoke(ayses.certificates[:1], HOLDER, Reason.LOST, moment)
    ends.sweep(moment + 30 * DAY)
    assert ayses.states == {"revoked"}
    assert {reason.name for reason in listed().values()} == {"key_compromise", "cessation_of_operation"}
