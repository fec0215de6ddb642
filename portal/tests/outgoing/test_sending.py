"""One message, whatever its gateways do: never twice, never lost without a word, and its text gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connections, transaction
from django_tasks_db.models import DBTaskResult
from portal.tests.carriers import Carrier, carry_sms, work, work_through
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW

from kilitcoz_portal.outgoing import sending, services
from kilitcoz_portal.outgoing.gateways import AnswerLost, NotAccepted, Refused
from kilitcoz_portal.outgoing.models import Message, Priority, State
from kilitcoz_portal.outgoing.services import Letter
from kilitcoz_portal.outgoing.states import MOVES, Deed, apply
from kilitcoz_portal.sms.channel import SMS

pytestmark = ON_BOTH

PHONE = "+905321234567"
TEXT = "giriş kodunuz 123456."


@pytest.fixture
def first(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The only gateway."""
    carrier = Carrier()
    carry_sms(monkeypatch, carrier)
    return carrier


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> tuple[Carrier, Carrier]:
    """The preferred gateway and the other."""
    carriers = Carrier("first"), Carrier("second")
    carry_sms(monkeypatch, *carriers)
    return carriers


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def queued(priority: Priority = Priority.CODE, now: datetime = NOW) -> int:
    """A message in the queue."""
    return services.queue(SMS, Letter(PHONE, "login", TEXT), priority, now)


def test_a_message_is_handed_over_once_and_its_text_is_gone(first: Carrier) -> None:
    message_id = queued()
    assert Message.objects.get().text == TEXT
    work(after(1))
    message = Message.objects.get()
    assert (message.state, message.accepted_at, message.gateway_id) == (State.ACCEPTED, after(1), "first-1")
    assert message.text == ""
    work(after(2))
    sending.deliver(SMS, message_id, lambda: after(3))
    assert [parcel.text for parcel in first.handed] == [TEXT]


def test_a_deed_that_is_rolled_back_sends_nothing(first: Carrier) -> None:
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)
    assert (Message.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_what_the_first_gateway_certainly_did_not_take_goes_to_the_second(
    both: tuple[Carrier, Carrier],
) -> None:
    first, second = both
    first.down = NotAccepted("gateway-unreachable")
    queued()
    work(after(1))
    assert (len(first.handed), len(second.taken)) == (1, 1)
    assert (Message.objects.get().gateway, Message.objects.get().tries) == ("second", 2)


def test_a_gateway_that_failed_rests_and_is_asked_again_later(both: tuple[Carrier, Carrier]) -> None:
    first, second = both
    first.faults = [NotAccepted("gateway-unreachable")]
    for second_of_time in (0, 1, 2):
        queued(now=after(second_of_time))
        work(after(second_of_time))
    assert (len(first.handed), len(first.taken), len(second.taken)) == (2, 1, 2)


def test_a13_a_gateway_that_is_down_six_minutes_gets_the_message_once_it_is_back(first: Carrier) -> None:
    first.down = NotAccepted("gateway-unreachable")
    queued()
    work_through(NOW, after(360))
    tries_while_down = len(first.handed)
    assert Message.objects.get().state == State.QUEUED
    assert 5 < tries_while_down < 30  # it is tried again and again, but not each second
    first.down = None
    work_through(after(361), after(400))
    message = Message.objects.get()
    assert message.state == State.ACCEPTED
    assert message.accepted_at is not None
    assert after(360) < message.accepted_at <= after(391)
    assert len(first.taken) == 1


def test_a_notice_is_tried_more_and_more_rarely_for_two_days(first: Carrier) -> None:
    first.down = NotAccepted("gateway-unreachable")
    queued(Priority.NOTICE)
    moments = []
    for _ in range(100):
        message = Message.objects.get()
        if message.state != State.QUEUED:
            break
        moments.append(message.next_try_at)
        work(message.next_try_at)
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=30), timedelta(hours=1))
    assert moments[-1] > NOW + timedelta(days=2)
    assert (Message.objects.get().code, Message.objects.get().text) == ("late", "")


def test_a13_a_lost_answer_leaves_the_message_in_doubt_and_it_is_never_sent_again(
    both: tuple[Carrier, Carrier],
) -> None:
    first, second = both
    first.faults = [AnswerLost("answer-lost")]
    queued()
    work_through(NOW, after(600))
    message = Message.objects.get()
    assert (message.state, message.code, message.text) == (State.IN_DOUBT, "answer-lost", "")
    assert (len(first.handed), len(second.handed)) == (1, 0)


def test_a_final_refusal_is_the_end(both: tuple[Carrier, Carrier]) -> None:
    first, second = both
    first.faults = [Refused("refused-by-gateway")]
    queued()
    work_through(NOW, after(60))
    assert (Message.objects.get().state, Message.objects.get().text) == (State.FAILED, "")
    assert (len(first.handed), len(second.handed)) == (1, 0)


def test_a_gateway_that_breaks_leaves_doubt_and_no_text_in_the_log(
    first: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    first.faults = [RuntimeError(TEXT)]
    queued()
    work(after(1))
    assert Message.objects.get().state == State.IN_DOUBT
    assert "RuntimeError" in caplog.text
    assert "123456" not in caplog.text
    assert "5321234567" not in caplog.text


def test_a_code_that_is_too_late_is_not_sent(first: Carrier) -> None:
    queued()
    work(after(600))
    assert first.handed == []
    assert (Message.objects.get().state, Message.objects.get().code) == (State.FAILED, "late")


def test_a_message_that_was_withdrawn_is_not_sent(first: Carrier) -> None:
    message_id = queued()
    assert services.withdraw(message_id, NOW, code="replaced")
    work(after(1))
    assert first.handed == []
    assert not services.withdraw(message_id, NOW, code="replaced")


def test_codes_go_before_notices(first: Carrier) -> None:
    notice, code = queued(Priority.NOTICE), queued(Priority.CODE)
    in_order = [task.args_kwargs["args"] for task in DBTaskResult.objects.ready()]
    assert in_order == [[code], [notice]]


def test_a13_workers_that_race_for_messages_hand_each_over_once(first: Carrier) -> None:
    message_ids = [queued() for _ in range(12)]

    def deliver(message_id: int) -> None:
        sending.deliver(SMS, message_id, lambda: after(1))
        connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver, message_ids * 4))
    assert len(first.taken) == 12
    assert len({parcel.reference for parcel in first.handed}) == 12


def test_a_stale_workers_late_answer_settles_the_doubt(first: Carrier) -> None:
    message_id = queued()
    assert apply(message_id, Deed.TAKE, NOW, tries=0, gateway="first")
    assert apply(message_id, Deed.LOSE, after(30), tries=1, code="worker-lost")
    assert apply(message_id, Deed.ACCEPT, after(40), tries=1, gateway_id="late-1", accepted_at=after(40))
    assert Message.objects.get().state == State.ACCEPTED


def test_a_stale_workers_word_does_not_count_once_another_has_the_message(first: Carrier) -> None:
    message_id = queued()
    assert apply(message_id, Deed.TAKE, NOW, tries=0, gateway="first")
    assert apply(message_id, Deed.PUT_BACK, NOW, tries=1, next_try_at=NOW)
    assert apply(message_id, Deed.TAKE, NOW, tries=1, gateway="first")
    assert not apply(message_id, Deed.REFUSE, NOW, tries=1, code="stale")
    assert Message.objects.get().state == State.SENDING


@pytest.mark.parametrize("deed", Deed)
def test_a_deed_moves_only_what_stands_where_the_table_says(first: Carrier, deed: Deed) -> None:
    sources, target = MOVES[deed]
    for state in State:
        text = TEXT if state in (State.QUEUED, State.SENDING) else ""
        message_id = queued()
        Message.objects.filter(pk=message_id).update(state=state, text=text)
        assert apply(message_id, deed, NOW) is (state in sources)
        assert Message.objects.get(pk=message_id).state == (target if state in sources else state)


def test_the_database_itself_keeps_no_text_of_a_message_that_was_taken(first: Carrier) -> None:
    message_id = queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message_id).update(state=State.ACCEPTED)
