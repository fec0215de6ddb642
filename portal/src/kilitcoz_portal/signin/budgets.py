"""How often a holder is sent a message: once a minute, ten times in 24 hours, for each purpose (A05, A12)."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.errors import SendCapReached, SendTooSoon
from kilitcoz_portal.signin.models import SendBudget

COOL_DOWN = timedelta(seconds=60)
WINDOW = timedelta(hours=24)
SENDINGS_PER_WINDOW = 10


def charge(holder: Holder, purpose: str, now: datetime) -> None:
    """Take one sending from the budget. Raises SendTooSoon, SendCapReached."""
    with transaction.atomic():
        row, _ = SendBudget.objects.get_or_create(
            holder=holder, purpose=purpose, defaults={"window_began_at": now}
        )
        budget = SendBudget.objects.filter(pk=row.pk)
        budget.filter(window_began_at__lte=now - WINDOW).update(window_began_at=now, sent=0)
        rested = Q(last_sent_at=None) | Q(last_sent_at__lte=now - COOL_DOWN)
        left = Q(sent__lt=SENDINGS_PER_WINDOW)
        if budget.filter(rested & left).update(sent=F("sent") + 1, last_sent_at=now) == 1:
            return
        row.refresh_from_db()
    if row.sent >= SENDINGS_PER_WINDOW:
        raise SendCapReached
    last = row.last_sent_at or now
    raise SendTooSoon(max(1, math.ceil((last + COOL_DOWN - now).total_seconds())))


def give_back(holder_id: int, purpose: str) -> None:
    """The message did not leave: the day's count is as before; the minute's pause stays."""
    SendBudget.objects.filter(holder=holder_id, purpose=purpose, sent__gt=0).update(sent=F("sent") - 1)


def left_at(holder_id: int, purpose: str, at: datetime) -> None:
    """The message left later than it was charged: the minute's pause counts from there."""
    SendBudget.objects.filter(holder=holder_id, purpose=purpose, last_sent_at__lt=at).update(last_sent_at=at)
