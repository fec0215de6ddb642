"""What no worker settles."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from portal.tests.carriers import Carrier, carry_sms, work
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW

from kilitcoz_portal.outgoing import queries, receipts, services, sweeping
from kilitcoz_portal.outgoing.gateways import NotAccepted
from kilitcoz_portal.outgoing.models import Message, Priority, State
from kilitcoz_portal.outgoing.services import Letter
from kilitcoz_portal.outgoing.sweeping import Swept
from kilitcoz_portal.sms.channel import SMS

pytestmark = ON_BOTH


@pytest.fixture(autouse=True)
def first(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    carrier = Carrier()
    carry_sms(monkeypatch, carrier)
    return carrier


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def queued(now: datetime = NOW, priority: Priority = Priority.CODE) -> int:
    return services.queue(SMS, Letter("+905321234567", "login", "kod 123456"), priority, now)


def test_a_message_whose_task_died_with_its_worker_is_queued_anew_and_not_each_time() -> None:
    message_id = queued()
    DBTaskResult.objects.all().delete()
    assert sweeping.sweep(SMS, after(59)) == Swept(0, 0, 0)
    assert sweeping.sweep(SMS, after(61)) == Swept(0, 0, 1)
    assert sweeping.sweep(SMS, after(62)) == Swept(0, 0, 0)
    assert [task.args_kwargs["args"] for task in DBTaskResult.objects.all()] == [[message_id]]


def test_the_text_of_a_late_code_does_not_lie_around_even_if_no_worker_ever_runs() -> None:
    queued()
    assert sweeping.sweep(SMS, after(600)) == Swept(0, 1, 0)
    assert (Message.objects.get().state, Message.objects.get().text) == (State.FAILED, "")


def test_old_messages_are_forgotten() -> None:
    queued()
    work(NOW)
    queued(NOW + timedelta(days=29), Priority.NOTICE)
    sweeping.sweep(SMS, NOW + timedelta(days=30))
    assert Message.objects.get().state == State.QUEUED


def test_tasks_that_ended_or_died_are_forgotten_after_a_day() -> None:
    long_ago = timezone.now() - timedelta(days=2)
    for times in ({"started_at": long_ago}, {"started_at": long_ago, "finished_at": long_ago}, {}):
        queued()
        DBTaskResult.objects.filter(started_at=None).update(**times or {"status": "READY"})
    sweeping.forget_tasks(timezone.now())
    assert DBTaskResult.objects.count() == 1


def test_a_receipt_tells_whether_the_phone_got_it() -> None:
    arrived, missed = queued(), queued()
    work(after(1))
    assert receipts.received("first", "first-1", after(5), delivered=True, code="delivered")
    assert receipts.received("first", "first-2", after(6), delivered=False, code="undeliverable")
    assert not receipts.received("second", "first-1", after(7), delivered=True, code="delivered")
    assert Message.objects.get(pk=arrived).delivered_at == after(5)
    assert (Message.objects.get(pk=missed).state, Message.objects.get(pk=missed).code) == (
        State.FAILED,
        "undeliverable",
    )


def test_the_journal_tells_how_the_channel_fares(first: Carrier) -> None:
    queued()
    work(NOW)
    first.down = NotAccepted("gateway-unreachable")
    queued(after(1))
    work(after(1))
    assert queries.counts("sms") == {"accepted": 1, "queued": 1}
    assert queries.overdue_since("sms") == after(3)
    assert (queries.resting(after(2)), queries.resting(after(4))) == (["first"], [])


def test_the_conversion_counts_codes_that_had_their_time() -> None:
    ids = [queued(after(second)) for second in range(4)]
    queued(priority=Priority.NOTICE)
    work(after(4))
    services.answered(ids[0], after(60))
    services.answered(ids[3], after(60))
    assert queries.conversion("sms", 10, sent_before=after(3)).sent == 0
    found = queries.conversion("sms", 3, sent_before=after(600))
    assert (found.sent, found.answered, found.percent) == (3, 1, 33)
    assert queries.conversion("mail", 3, sent_before=after(600)).percent == 100
