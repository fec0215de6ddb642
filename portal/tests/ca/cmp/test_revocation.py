"""Suspending, opening again and revoking at an authority elsewhere: told twice it is done once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from portal.tests.ca.authority import NOW
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import Asked, StandIn
from portal.tests.ca.cmp.wishes import wish
from pytest_django import Settings

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.errors import (
    CaAnswerUntrusted,
    CaRefused,
    CaUnavailable,
    CertificateUnknown,
    StatusFinal,
)
from kilitcoz_portal.ca.models import Authority, Status
from kilitcoz_portal.ca.port import CertificateStatus
from kilitcoz_portal.ca.services import EmbeddedAuthority

pytestmark = pytest.mark.django_db

HOLD = CertificateStatus(Status.ON_HOLD, NOW)
GOOD = CertificateStatus(Status.GOOD, NOW)
REVOKED = CertificateStatus(Status.REVOKED, NOW, x509.ReasonFlags.key_compromise, NOW - timedelta(days=1))


def issued(clock: Clock, count: int = 1) -> list[str]:
    """Serial numbers of certificates that are good."""
    made = [x509.load_der_x509_certificate(authority().issue(wish(), clock.now())) for _ in range(count)]
    return [f"{each.serial_number:x}" for each in made]


def said(serial: str, clock: Clock) -> Status:
    """As the authority tells everybody."""
    return authority().fetch_status(serial, clock.now()).status


def test_every_change_shows_in_what_the_authority_tells(elsewhere: StandIn, clock: Clock) -> None:
    (serial,) = issued(clock)
    for wanted in (HOLD, GOOD, HOLD, REVOKED):
        authority().set_status([serial], wanted, clock.later(minutes=1))
        found = authority().fetch_status(serial, clock.now())
        assert found.status is wanted.status
        assert wanted is GOOD or found.at == clock.now()
    assert found.reason is x509.ReasonFlags.key_compromise


def test_reason_and_invalidity_date_reach_the_authority(elsewhere: StandIn, clock: Clock) -> None:
    (serial,) = issued(clock)
    authority().set_status([serial], REVOKED, clock.now())
    assert elsewhere.last_invalidity == REVOKED.invalid_since


@pytest.mark.parametrize("wanted", [HOLD, REVOKED, GOOD], ids=["suspend", "revoke", "open"])
def test_told_twice_it_is_done_once(elsewhere: StandIn, clock: Clock, wanted: CertificateStatus) -> None:
    (serial,) = issued(clock)
    if wanted is GOOD:
        authority().set_status([serial], HOLD, clock.now())
    elsewhere.weather = [Asked.LOSE_ANSWER]
    with pytest.raises(CaUnavailable):
        authority().set_status([serial], wanted, clock.now())
    authority().set_status([serial], wanted, clock.later(minutes=1))
    assert said(serial, clock) is wanted.status


@pytest.mark.parametrize("wanted", [HOLD, GOOD], ids=["suspend", "open"])
def test_revoked_stays_revoked(elsewhere: StandIn, clock: Clock, wanted: CertificateStatus) -> None:
    (serial,) = issued(clock)
    authority().set_status([serial], REVOKED, clock.now())
    with pytest.raises(StatusFinal):
        authority().set_status([serial], wanted, clock.now())


def test_what_is_suspended_is_not_taken_for_revoked(elsewhere: StandIn, clock: Clock) -> None:
    (serial,) = issued(clock)
    authority().set_status([serial], HOLD, clock.now())
    elsewhere.hold_is_revoked = (
        True  # an authority that does not revoke what is on hold, and says certRevoked
    )
    with pytest.raises(CaUnavailable, match="certRevoked"):
        authority().set_status([serial], REVOKED, clock.now())


def test_a_card_goes_together_one_message_each_as_rfc_9483_has_it(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.one_at_a_time = True
    serials = issued(clock, 3)
    authority().set_status(serials, HOLD, clock.now())
    assert [said(each, clock) for each in serials] == [Status.ON_HOLD] * 3
    assert [kind for kind, _ in elsewhere.seen].count("rr") == 3


def test_a_card_goes_together_in_one_message_where_the_authority_takes_that(
    elsewhere: StandIn, clock: Clock, settings: Settings
) -> None:
    settings.KILITCOZ_CMP_REVOCATIONS_AT_ONCE = 8
    serials = issued(clock, 3)
    authority().set_status(serials[:1], HOLD, clock.now())
    authority().set_status(serials, HOLD, clock.now())
    assert [said(each, clock) for each in serials] == [Status.ON_HOLD] * 3
    assert [kind for kind, _ in elsewhere.seen].count("rr") == 2


@pytest.mark.parametrize("lost", range(3))
def test_a_card_half_told_is_told_to_its_end(elsewhere: StandIn, clock: Clock, lost: int) -> None:
    serials = issued(clock, 3)
    elsewhere.weather = [Asked.ANSWER] * lost + [Asked.LOSE_ANSWER]
    with pytest.raises(CaUnavailable):
        authority().set_status(serials, REVOKED, clock.now())
    authority().set_status(serials, REVOKED, clock.later(minutes=1))
    assert [said(each, clock) for each in serials] == [Status.REVOKED] * 3


def test_one_unknown_serial_number_and_nothing_is_said(elsewhere: StandIn, clock: Clock) -> None:
    serials = issued(clock)
    before = len(elsewhere.seen)
    with pytest.raises(CertificateUnknown):
        authority().set_status([*serials, "dead"], HOLD, clock.now())
    with pytest.raises(CertificateUnknown):
        authority().fetch_status("dead", clock.now())
    assert len(elsewhere.seen) == before


@pytest.mark.parametrize(
    ("failure", "error"),
    [("notAuthorized", CaUnavailable), ("systemFailure", CaUnavailable), ("badRequest", CaRefused)],
)
def test_what_can_be_repaired_is_to_be_told_again(
    elsewhere: StandIn, clock: Clock, failure: str, error: type[Exception]
) -> None:
    (serial,) = issued(clock)
    elsewhere.refuses = {"rr": failure}
    with pytest.raises(error, match=failure):
        authority().set_status([serial], HOLD, clock.now())
    elsewhere.refuses = {}
    authority().set_status([serial], HOLD, clock.now())
    assert said(serial, clock) is Status.ON_HOLD


@pytest.mark.parametrize("late_in_rp", [False, True], ids=["error", "rp"])
def test_an_authority_that_takes_its_time_is_asked_again_in_the_same_transaction(
    elsewhere: StandIn, clock: Clock, late_in_rp: bool
) -> None:
    (serial,) = issued(clock)
    elsewhere.late, elsewhere.late_in_rp, before = 2, late_in_rp, len(elsewhere.seen)
    authority().set_status([serial], HOLD, clock.now())
    assert [kind for kind, _ in elsewhere.seen[before:]] == ["rr", "poll_req", "poll_req"]
    assert said(serial, clock) is Status.ON_HOLD


def test_one_that_takes_longer_than_our_patience_is_told_anew_later(elsewhere: StandIn, clock: Clock) -> None:
    (serial,) = issued(clock)
    elsewhere.late, elsewhere.check_after = 2, 3600
    with pytest.raises(CaUnavailable, match="waiting"):
        authority().set_status([serial], HOLD, clock.now())
    assert said(serial, clock) is Status.GOOD
    elsewhere.late = 0
    authority().set_status([serial], HOLD, clock.later(minutes=10))
    assert said(serial, clock) is Status.ON_HOLD


def test_an_answer_about_another_certificate_is_not_believed(elsewhere: StandIn, clock: Clock) -> None:
    (serial,) = issued(clock)
    elsewhere.names_serial = 0xDEAD
    with pytest.raises(CaAnswerUntrusted, match="serial-number"):
        authority().set_status([serial], HOLD, clock.now())


def test_what_the_embedded_authority_issued_before_stays_its_own(
    elsewhere: StandIn, clock: Clock, founded: Authority
) -> None:
    der = EmbeddedAuthority().issue(wish(), clock.now())
    of_before = f"{x509.load_der_x509_certificate(der).serial_number:x}"
    (serial,) = issued(clock)
    authority().set_status([of_before, serial], HOLD, clock.now())
    assert [said(each, clock) for each in (of_before, serial)] == [Status.ON_HOLD] * 2
    assert EmbeddedAuthority().fetch_status(of_before, clock.now()).status is Status.ON_HOLD
    assert int(of_before, 16) not in elsewhere.issued


def test_where_the_authority_tells_nothing_a_refusal_is_no_success(elsewhere: StandIn, clock: Clock) -> None:
    (serial,) = issued(clock)
    authority().set_status([serial], REVOKED, clock.now())
    elsewhere.tells = False
    with pytest.raises(CaUnavailable):
        authority().set_status([serial], REVOKED, clock.now())
    with pytest.raises(CaUnavailable, match="status"):
        authority().fetch_status(serial, clock.now())
