"""Questions and answers that are lost on the way, at every place: nothing is made twice."""

from __future__ import annotations

from itertools import product

import pytest
from django.db.models import Max
from portal.tests.ca.cmp.asking import alarms, forget, require_exactly_one, until_it_comes
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import Again, Asked, StandIn
from portal.tests.ca.cmp.wishes import wish
from portal.tests.marks import ON_BOTH
from pytest_django import Settings

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp import journal
from kilitcoz_portal.ca.cmp.models import Enrolment, Step
from kilitcoz_portal.ca.errors import CaInDoubt, CaRefused, CaUnavailable, CaWaiting, NothingInDoubt

pytestmark = ON_BOTH

LOSSES = [Asked.LOSE_QUESTION, Asked.LOSE_ANSWER, Asked.BUSY]


@pytest.mark.parametrize("place", range(3), ids=["request", "confirmation", "hold"])
def test_whatever_is_lost_one_certificate_comes(elsewhere: StandIn, clock: Clock, place: int) -> None:
    for elsewhere.again, loss in product(Again, LOSSES):
        forget(elsewhere)
        elsewhere.weather = [Asked.ANSWER] * place + [loss]
        asked = wish(on_hold=True)
        with pytest.raises(CaUnavailable):
            authority().issue(asked, clock.now())
        clock.later(seconds=10)
        require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
        assert elsewhere.again is Again.ISSUE_ANEW or len(elsewhere.issued) == 1


@pytest.mark.parametrize("again", list(Again))
def test_in_the_worst_weather_one_certificate_comes(elsewhere: StandIn, clock: Clock, again: Again) -> None:
    elsewhere.again = again
    elsewhere.weather = [Asked.LOSE_ANSWER, Asked.LOSE_ANSWER, Asked.ANSWER, Asked.LOSE_ANSWER, Asked.BUSY]
    asked = wish(on_hold=True)
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)


def test_a_request_that_comes_again_makes_one_certificate(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.weather = [Asked.LOSE_ANSWER] * 3
    asked = wish()
    until_it_comes(asked, clock)
    assert len(elsewhere.issued) == 1
    assert {raw for kind, raw in elsewhere.seen if kind == "ir"} == {elsewhere.seen[0][1]}


def test_who_asks_again_after_all_is_done_gets_the_same_without_a_word_to_anybody(
    elsewhere: StandIn, clock: Clock
) -> None:
    asked = wish(on_hold=True)
    first = authority().issue(asked, clock.now())
    said = len(elsewhere.seen)
    assert authority().issue(asked, clock.later(days=30)) == first
    assert len(elsewhere.seen) == said


def test_a_refusal_of_what_was_sent_once_is_final_and_the_next_try_is_a_new_request(
    elsewhere: StandIn, clock: Clock
) -> None:
    elsewhere.refuses = {"ir": "badCertTemplate"}
    asked = wish()
    with pytest.raises(CaRefused) as refused:
        authority().issue(asked, clock.now())
    assert refused.value.failures == ("badCertTemplate",)
    elsewhere.refuses = {}
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
    assert [kind for kind, _ in elsewhere.seen] == ["ir", "ir", "cert_conf"]
    assert elsewhere.seen[0][1] != elsewhere.seen[1][1]


def test_an_authority_that_is_out_of_order_may_be_asked_again(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.refuses = {"ir": "systemUnavail"}
    with pytest.raises(CaUnavailable, match="systemUnavail"):
        authority().issue(wish(), clock.now())


def test_a_refusal_of_what_was_sent_twice_ends_the_first_before_another_is_begun(
    elsewhere: StandIn, clock: Clock
) -> None:
    elsewhere.weather = [Asked.LOSE_ANSWER]
    asked = wish()
    with pytest.raises(CaUnavailable):
        authority().issue(asked, clock.now())
    elsewhere.refuses = {"ir": "duplicateCertReq", "poll_req": "badRequest"}
    with pytest.raises(CaRefused):  # of the new request, which it does not take either
        authority().issue(asked, clock.later(minutes=2))
    assert [kind for kind, _ in elsewhere.seen] == ["ir", "ir", "poll_req", "error", "ir"]
    elsewhere.refuses = {}
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
    assert alarms() == ["request-withdrawn"]


def test_where_the_authority_ends_nothing_a_person_must(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.weather = [Asked.LOSE_QUESTION]
    asked = wish()
    with pytest.raises(CaUnavailable):
        authority().issue(asked, clock.now())
    elsewhere.refuses = {"ir": "badRequest", "poll_req": "badRequest", "error": "badRequest"}
    for _ in range(2):
        with pytest.raises(CaInDoubt) as doubt:
            authority().issue(asked, clock.later(minutes=2))
        assert doubt.value.transaction == Enrolment.objects.get().transaction_id
    assert alarms() == ["request-in-doubt"]
    elsewhere.refuses = {}
    journal.give_up(asked.request_id, "Zeynep Kaya", clock.now())
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
    assert alarms() == ["request-in-doubt", "request-given-up"]


def test_only_what_is_in_doubt_is_given_up(elsewhere: StandIn, clock: Clock) -> None:
    asked = wish()
    authority().issue(asked, clock.now())
    for request_id in (asked.request_id, "never-asked"):
        with pytest.raises(NothingInDoubt):
            journal.give_up(request_id, "Zeynep Kaya", clock.now())


def test_nobody_there_is_no_sending(elsewhere: StandIn, clock: Clock, settings: Settings) -> None:
    address, settings.KILITCOZ_CMP_URL = settings.KILITCOZ_CMP_URL, "http://127.0.0.1:1/cmp"
    asked = wish()
    with pytest.raises(CaUnavailable, match="unreachable"):
        authority().issue(asked, clock.now())
    assert Enrolment.objects.get().sends == 0
    settings.KILITCOZ_CMP_URL = address
    elsewhere.refuses = {"ir": "notAuthorized"}
    with pytest.raises(CaRefused):  # final, for it was the first time
        authority().issue(asked, clock.now())


def test_a_confirmation_that_was_heard_twice_is_enough(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.weather = [Asked.ANSWER, Asked.LOSE_ANSWER]
    asked = wish()
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
    assert [kind for kind, _ in elsewhere.seen] == ["ir", "cert_conf", "cert_conf"]


def test_where_the_transaction_is_forgotten_the_certificates_own_status_decides(
    elsewhere: StandIn, clock: Clock
) -> None:
    elsewhere.weather = [Asked.ANSWER, Asked.LOSE_ANSWER]
    asked = wish()
    with pytest.raises(CaUnavailable):
        authority().issue(asked, clock.now())
    elsewhere.transactions.clear()
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)


def test_a_certificate_that_was_withdrawn_meanwhile_is_asked_for_anew(
    elsewhere: StandIn, clock: Clock
) -> None:
    elsewhere.weather = [Asked.ANSWER, Asked.LOSE_QUESTION]
    asked = wish()
    with pytest.raises(CaUnavailable):
        authority().issue(asked, clock.now())
    elsewhere.withdraw_unconfirmed()
    elsewhere.transactions.clear()
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
    assert alarms() == ["certificate-withdrawn"]
    assert Enrolment.objects.aggregate(last=Max("attempt"))["last"] == 2


def test_a_first_confirmation_that_is_refused_confirms_nothing(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.refuses = {"cert_conf": "badRequest"}
    with pytest.raises(CaRefused):
        authority().issue(wish(), clock.now())
    assert Enrolment.objects.get().step == Step.ANSWERED


def test_who_is_told_to_wait_waits_a_moment_and_then_comes_again(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.polls, elsewhere.check_after = 2, 3600
    asked = wish()
    with pytest.raises(CaWaiting) as waiting:
        authority().issue(asked, clock.now())
    said = len(elsewhere.seen)
    with pytest.raises(CaWaiting):
        authority().issue(asked, clock.later(minutes=10))
    assert len(elsewhere.seen) == said  # it is not asked before its time
    clock.moment = waiting.value.until
    elsewhere.check_after = 1
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)


def test_an_answer_that_is_refused_after_waiting_is_final(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.polls = 1
    elsewhere.in_the_end = "unacceptedPolicy"
    with pytest.raises(CaRefused, match="unacceptedPolicy"):
        authority().issue(wish(), clock.now())
    assert Enrolment.objects.get().step == Step.ENDED


def test_an_authority_that_knows_of_the_confirmation_need_not_be_asked_for_more(
    elsewhere: StandIn, clock: Clock
) -> None:
    elsewhere.weather = [Asked.ANSWER, Asked.LOSE_ANSWER]
    elsewhere.tells = False
    asked = wish()
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
