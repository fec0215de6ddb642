"""A code on its way: its 300 seconds begin when a gateway has it, and while it is on its way it is the only
one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections
from portal.tests.carriers import Carrier, carry_sms, work, work_through
from portal.tests.people import NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.outgoing import receipts
from kilitcoz_portal.outgoing.gateways import AnswerLost, NotAccepted, Refused
from kilitcoz_portal.outgoing.models import Message
from kilitcoz_portal.outgoing.states import Deed, apply
from kilitcoz_portal.signin import codes
from kilitcoz_portal.signin.code_stages import Stage
from kilitcoz_portal.signin.codes import Purpose, Waiting, Wish
from kilitcoz_portal.signin.errors import CodeLate, CodeUsedUp, CodeWrong, SendTooSoon
from kilitcoz_portal.signin.models import SendBudget
from kilitcoz_portal.sms import services as sms

LOGIN = Wish("browser-a", Purpose.LOGIN)


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The only gateway; a worker has to run for it."""
    carrier = Carrier()
    carry_sms(monkeypatch, carrier)
    return carrier


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def send(holder: Holder, now: datetime = NOW, wish: Wish = LOGIN) -> None:
    codes.send(wish, holder, lambda code: f"kod {code}", now)


def read(carrier: Carrier) -> str:
    """The code of the message that reached the phone last."""
    return carrier.handed[-1].text.removeprefix("kod ")


def stage(now: datetime) -> Stage:
    waiting = codes.waiting(LOGIN, now)
    assert waiting is not None
    return waiting.stage


def test_a13_the_seconds_count_from_acceptance(ayse: Holder, carrier: Carrier) -> None:
    carrier.down = NotAccepted("gateway-unreachable")
    send(ayse)
    work_through(NOW, after(359))
    assert codes.waiting(LOGIN, after(359)) == Waiting(300, 60, 5, Stage.SENDING)
    carrier.down = None
    work_through(after(360), after(390))
    accepted_at = Message.objects.get().accepted_at
    assert accepted_at is not None
    assert codes.waiting(LOGIN, accepted_at + timedelta(seconds=43)) == Waiting(257, 17, 5, Stage.SENT)
    codes.check(LOGIN, read(carrier), accepted_at + timedelta(seconds=299))


def test_a13_three_hundred_seconds_after_acceptance_it_is_late(ayse: Holder, carrier: Carrier) -> None:
    send(ayse)
    work(after(200))
    with pytest.raises(CodeLate):
        codes.check(LOGIN, read(carrier), after(500))
    codes.check(LOGIN, read(carrier), after(499))


def test_a13_asking_again_while_it_is_on_its_way_sends_no_second_message(
    ayse: Holder, carrier: Carrier
) -> None:
    carrier.down = NotAccepted("gateway-unreachable")
    send(ayse)
    for minute in range(1, 6):
        work(after(60 * minute))
        send(ayse, after(60 * minute))
    carrier.down = None
    work_through(after(361), after(400))
    assert len(carrier.taken) == 1
    assert (SendBudget.objects.get().sent, Message.objects.count()) == (1, 1)
    codes.check(LOGIN, read(carrier), after(400))


def test_a13_asking_many_times_at_once_makes_one_message(ayse: Holder, carrier: Carrier) -> None:
    def ask(_: int) -> None:
        try:
            send(ayse)
        except SendTooSoon:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(24)))
    work(after(1))
    assert len(carrier.handed) == 1


def test_the_pause_before_another_counts_from_when_it_left(ayse: Holder, carrier: Carrier) -> None:
    send(ayse)
    work(after(100))
    assert stage(after(101)) is Stage.SENT
    with pytest.raises(SendTooSoon) as refusal:
        send(ayse, after(130))
    assert refusal.value.wait_seconds == 30
    send(ayse, after(160))


def test_a13_a_lost_answer_leaves_a_code_that_may_be_entered_or_replaced(
    ayse: Holder, carrier: Carrier
) -> None:
    carrier.faults = [AnswerLost("answer-lost")]
    send(ayse)
    work(after(10))
    assert codes.waiting(LOGIN, after(20)) == Waiting(290, 50, 5, Stage.IN_DOUBT)
    first = read(carrier)
    send(ayse, after(70))
    work(after(71))
    if read(carrier) != first:
        with pytest.raises(CodeWrong):
            codes.check(LOGIN, first, after(80))
    codes.check(LOGIN, read(carrier), after(81))


def test_a13_in_doubt_the_code_that_arrived_is_accepted(ayse: Holder, carrier: Carrier) -> None:
    carrier.faults = [AnswerLost("answer-lost")]
    send(ayse)
    work(after(10))
    codes.check(LOGIN, read(carrier), after(309))


def test_a13_an_answer_that_comes_after_all_begins_the_seconds_anew(ayse: Holder, carrier: Carrier) -> None:
    carrier.faults = [AnswerLost("answer-lost")]
    send(ayse)
    work(after(10))
    assert stage(after(11)) is Stage.IN_DOUBT
    message = Message.objects.get()
    assert apply(message.pk, Deed.ACCEPT, after(200), tries=1, accepted_at=after(200))
    assert codes.waiting(LOGIN, after(200)) == Waiting(300, 60, 5, Stage.SENT)


def test_a_code_may_be_entered_before_we_hear_that_it_left(ayse: Holder, carrier: Carrier) -> None:
    send(ayse)
    message = Message.objects.get()
    code = message.text.removeprefix("kod ")
    assert apply(message.pk, Deed.TAKE, after(1), tries=0)
    assert stage(after(2)) is Stage.SENDING
    codes.check(LOGIN, code, after(3))


@pytest.mark.parametrize(
    ("fault", "end"), [(Refused("refused-by-gateway"), 1), (NotAccepted("gateway-unreachable"), 601)]
)
def test_a_code_that_no_gateway_took_costs_nothing_but_a_minute(
    ayse: Holder, carrier: Carrier, fault: Refused | NotAccepted, end: int
) -> None:
    carrier.down = fault
    send(ayse)
    work_through(after(1), after(end))
    assert codes.waiting(LOGIN, after(end)) == Waiting(0, 60, 5, Stage.NOT_SENT)
    assert codes.waiting(LOGIN, after(end + 1)) == Waiting(0, 59, 5, Stage.NOT_SENT)
    assert SendBudget.objects.get().sent == 0
    carrier.down = None
    send(ayse, after(end + 60))
    work(after(end + 61))
    codes.check(LOGIN, read(carrier), after(end + 62))


def test_a_phone_that_could_not_be_reached_is_told_and_the_code_stays_good(
    ayse: Holder, carrier: Carrier
) -> None:
    send(ayse)
    work(after(1))
    receipts.received("first", "first-1", after(20), delivered=False, code="undelivered")
    assert codes.waiting(LOGIN, after(21)) == Waiting(280, 40, 5, Stage.UNDELIVERED)
    codes.check(LOGIN, read(carrier), after(30))


def test_a05_tries_count_over_all_messages_whatever_became_of_them(ayse: Holder, carrier: Carrier) -> None:
    carrier.faults = [Refused("refused-by-gateway"), AnswerLost("answer-lost")]
    for sending in range(5):
        send(ayse, after(100 * sending))
        work(after(100 * sending + 1))
        if sending > 0:
            with pytest.raises(CodeWrong):
                codes.check(LOGIN, "x", after(100 * sending + 2))
    with pytest.raises(CodeUsedUp):
        codes.check(LOGIN, "x", after(403))
    with pytest.raises(CodeUsedUp):
        send(ayse, after(500))


def test_an_entered_code_is_noted_with_its_message(ayse: Holder, carrier: Carrier) -> None:
    send(ayse)
    work(after(1))
    codes.check(LOGIN, read(carrier), after(9))
    assert Message.objects.get().answered_at == after(9)


def test_a_code_may_be_sent_to_another_phone_than_the_registered_one(ayse: Holder, carrier: Carrier) -> None:
    def queue(code: str) -> int:
        return sms.queue_code("+905329876543", f"kod {code}", purpose="contact", now=NOW)

    codes.send_by(LOGIN, ayse, queue, NOW)
    work(after(1))
    assert carrier.handed[0].address == "+905329876543"


def test_neither_journal_nor_task_nor_event_keeps_a_code(ayse: Holder, carrier: Carrier) -> None:
    send(ayse)
    work(after(1))
    code = read(carrier)
    assert Message.objects.get().text == ""
    assert not AuditEvent.objects.filter(detail__icontains=code).exists()
