"""What strangers can make the installation spend, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.outgoing import services as outgoing
from kilitcoz_portal.outgoing.models import Message
from kilitcoz_portal.sms import alarms, budgets, services
from kilitcoz_portal.sms.errors import SmsBudgetReached
from kilitcoz_portal.sms.models import OutboxMessage, SentCount

pytestmark = ON_BOTH


@pytest.fixture(autouse=True)
def small_budgets(settings: Settings) -> None:
    settings.KILITCOZ_SMS_DAILY = 8
    settings.KILITCOZ_SMS_PREFIX_HOURLY = 5
    settings.KILITCOZ_SMS_CONVERSION_PERCENT = 30


def numbers(prefix: str) -> Iterator[str]:
    """Mobile numbers that begin with it."""
    return (f"{prefix}{number:07d}" for number in range(1_234_567, 1_300_000))


def send(phone: str, now: datetime = NOW) -> bool:
    try:
        services.queue_code(phone, "kod", purpose="login", now=now)
    except SmsBudgetReached:
        return False
    return True


def sent(prefix: str, asked: int, now: datetime = NOW) -> int:
    """How many of so many codes were sent."""
    return sum(send(phone, now) for phone, _ in zip(numbers(prefix), range(asked), strict=False))


def test_a12_a_prefix_gets_so_many_codes_in_an_hour_and_others_go_on() -> None:
    assert sent("+90532", 9) == 5
    assert sent("+90533", 2) == 2
    assert OutboxMessage.objects.count() == 7
    assert sent("+90532", 1, NOW + timedelta(hours=1)) == 1


def test_a12_the_installation_sends_so_many_codes_in_a_day() -> None:
    assert sum(sent(f"+9053{digit}", 2) for digit in range(2, 9)) == 8
    assert sent("+90541", 1, NOW + timedelta(hours=3)) == 0
    assert sent("+90541", 1, NOW + timedelta(hours=15)) == 1  # a new day in Istanbul


def test_a12_a_refused_code_is_charged_to_no_budget() -> None:
    assert sent("+90532", 9) == 5
    assert SentCount.objects.get(scope="day").sent == 5


def test_a12_a_flood_in_parallel_does_not_outrun_the_budget() -> None:
    def ask(phone: str) -> bool:
        try:
            return send(phone)
        finally:
            connections.close_all()

    phones = [phone for phone, _ in zip(numbers("+90532"), range(40), strict=False)]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, phones)) == 5
    assert OutboxMessage.objects.count() == 5


def test_a12_a_flood_of_codes_does_not_silence_notices() -> None:
    sent("+90532", 9)
    services.queue("+905321234567", "PIN'iniz değişti", purpose="notice", now=NOW)
    assert OutboxMessage.objects.filter(purpose="notice").count() == 1
    assert SentCount.objects.get(scope="+90532").sent == 6


def test_a12_a_budget_that_is_used_up_is_an_alarm_once(caplog: pytest.LogCaptureFixture) -> None:
    sent("+90532", 9)
    alarm = AuditEvent.objects.get(event="sms-alarm")
    assert alarm.detail == {"what": "budget", "scope": "+90532", "sent": 5}
    assert "sms-alarm" in caplog.text
    assert budgets.used_up(NOW) == ["+90532"]
    assert budgets.used_up(NOW + timedelta(hours=1)) == []


def test_a12_codes_that_hardly_anybody_enters_are_an_alarm_not_more_than_once_an_hour(
    settings: Settings,
) -> None:
    settings.KILITCOZ_SMS_DAILY = settings.KILITCOZ_SMS_PREFIX_HOURLY = 1000
    sent("+90532", 100)
    for message in Message.objects.order_by("pk")[:29]:
        outgoing.answered(message.pk, NOW + timedelta(minutes=1))
    for minute in (5, 11, 12, 72):
        alarms.watch_conversion(NOW + timedelta(minutes=minute))
    raised = AuditEvent.objects.filter(event="sms-alarm").order_by("pk")
    assert [event.at for event in raised] == [NOW + timedelta(minutes=11), NOW + timedelta(minutes=72)]
    assert raised[0].detail == {"what": "conversion", "percent": 29, "of": 100}


def test_codes_that_come_back_or_are_too_few_to_tell_are_no_alarm(settings: Settings) -> None:
    settings.KILITCOZ_SMS_DAILY = settings.KILITCOZ_SMS_PREFIX_HOURLY = 1000
    sent("+90532", 99)
    assert alarms.low_conversion(NOW + timedelta(minutes=11)) is None
    sent("+90533", 1)
    assert alarms.low_conversion(NOW + timedelta(minutes=11)) is not None
    for message in Message.objects.order_by("pk")[:30]:
        outgoing.answered(message.pk, NOW)
    assert alarms.low_conversion(NOW + timedelta(minutes=11)) is None


def test_counts_of_days_long_over_are_forgotten() -> None:
    sent("+90532", 1)
    budgets.forget(NOW + timedelta(days=1))
    assert SentCount.objects.count() == 2
    budgets.forget(NOW + timedelta(days=4))
    assert SentCount.objects.count() == 0
