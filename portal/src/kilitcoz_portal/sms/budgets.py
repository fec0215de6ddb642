"""How many messages the whole installation sends in a day, and to one prefix in an hour (A12): what strangers
can make it spend ends there. Charged in the database before anything is queued.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from kilitcoz_portal.sms import alarms
from kilitcoz_portal.sms.alarms import Alarm
from kilitcoz_portal.sms.errors import SmsBudgetReached
from kilitcoz_portal.sms.models import SentCount

PREFIX_LENGTH = 6  # +90532: the country and the network's three digits
DAY = "day"
_KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Budget:
    """One count, since when it runs, and how far it may go. `scope` is `day` or a prefix."""

    scope: str
    began_at: datetime
    limit: int

    def row(self) -> QuerySet[SentCount]:
        """The count's row, made where there is none yet."""
        made, _ = SentCount.objects.get_or_create(scope=self.scope, began_at=self.began_at)
        return SentCount.objects.filter(pk=made.pk)


def charge(phone: str, now: datetime) -> None:
    """Take one message from both budgets. Raises SmsBudgetReached; then neither was charged."""
    with transaction.atomic():
        for budget in of_phone(phone, now):
            row = budget.row()
            if row.filter(sent__lt=budget.limit).update(sent=F("sent") + 1) != 1:
                raise SmsBudgetReached
            if row.filter(sent__gte=budget.limit).exists():
                alarms.sound(Alarm.BUDGET, now, {"scope": budget.scope, "sent": budget.limit})


def count(phone: str, now: datetime) -> None:
    """Add one message that is sent in any case."""
    for budget in of_phone(phone, now):
        budget.row().update(sent=F("sent") + 1)


def of_phone(phone: str, now: datetime) -> Iterator[Budget]:
    """The two budgets that a message to `phone` is charged to: its prefix's hour, and everybody's day."""
    local = timezone.localtime(now)
    hour = local.replace(minute=0, second=0, microsecond=0)
    yield Budget(phone[:PREFIX_LENGTH], hour, settings.KILITCOZ_SMS_PREFIX_HOURLY)
    yield Budget(DAY, hour.replace(hour=0), settings.KILITCOZ_SMS_DAILY)


def used_up(now: datetime) -> list[str]:
    """Scopes of the budgets that are used up at `now`."""
    day = next(budget for budget in of_phone("", now) if budget.scope == DAY)
    hour = next(budget for budget in of_phone("", now) if budget.scope != DAY)
    days = SentCount.objects.filter(scope=DAY, began_at=day.began_at, sent__gte=day.limit)
    hours = SentCount.objects.filter(began_at=hour.began_at, sent__gte=hour.limit).exclude(scope=DAY)
    return [*days.values_list("scope", flat=True), *hours.order_by("scope").values_list("scope", flat=True)]


def forget(now: datetime) -> None:
    """Drop counts whose time is long over."""
    SentCount.objects.filter(began_at__lt=now - _KEPT_FOR).delete()
