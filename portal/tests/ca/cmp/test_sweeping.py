"""`kilitcoz sweep` says what is still to be said, whoever wanted the certificate."""

from __future__ import annotations

import pytest
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import Asked, StandIn
from portal.tests.ca.cmp.wishes import wish
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp import sweeping
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.cmp.models import Enrolment, Step
from kilitcoz_portal.ca.errors import CaUnavailable

pytestmark = ON_BOTH


@pytest.mark.parametrize("place", [1, 2], ids=["confirmation", "hold"])
def test_what_was_not_said_is_said_by_the_sweep(elsewhere: StandIn, clock: Clock, place: int) -> None:
    elsewhere.weather = [Asked.ANSWER] * place + [Asked.LOSE_QUESTION]
    with pytest.raises(CaUnavailable):
        authority().issue(wish(on_hold=True), clock.now())
    assert sweeping.sweep(configured(), clock.later(minutes=1)) == 0
    row = Enrolment.objects.get()
    assert (row.step, row.held_at) == (Step.CONFIRMED, clock.now())
    assert len(elsewhere.confirmed()) == 1


def test_a_wrong_certificate_is_rejected_until_that_is_heard(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.starts = clock.now().replace(year=2020)
    elsewhere.weather = [Asked.ANSWER, Asked.LOSE_QUESTION]
    with pytest.raises(CaUnavailable):
        authority().issue(wish(), clock.now())
    assert sweeping.sweep(configured(), clock.later(minutes=1)) == 0
    assert Enrolment.objects.get().step == Step.ENDED
    assert elsewhere.confirmed() == []


def test_a_request_that_nobody_repeats_is_not_sent_by_the_sweep(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.weather = [Asked.LOSE_QUESTION]
    with pytest.raises(CaUnavailable):
        authority().issue(wish(), clock.now())
    assert sweeping.sweep(configured(), clock.later(minutes=1)) == 0
    assert len(elsewhere.seen) == 1


def test_an_authority_that_is_away_stops_nothing_and_is_counted(elsewhere: StandIn, clock: Clock) -> None:
    for _ in range(2):
        elsewhere.weather = [Asked.ANSWER, Asked.BUSY]
        with pytest.raises(CaUnavailable):
            authority().issue(wish(), clock.now())
    elsewhere.weather = [Asked.BUSY]
    assert sweeping.sweep(configured(), clock.later(minutes=1)) == 1
    assert sweeping.sweep(configured(), clock.later(minutes=1)) == 0
