"""The vault's own budgets, counted in the database: releases per card and day, all releases per hour,
refusals.

A budget fails closed: what cannot be counted is not released.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from kilitcoz_portal.vault.models import Budget

HOUR = 3600
DAY = 24 * HOUR


def charge(scope: str, seconds: int, limit: int, now: datetime) -> bool:
    """Count one in the window of `seconds` that holds `now`; False, and nothing counted, at the limit."""
    window = int(now.timestamp()) // seconds
    rows = Budget.objects.filter(scope=scope, window=window)
    if rows.filter(count__lt=limit).update(count=F("count") + 1):
        return True
    if limit < 1 or rows.exists():
        return False
    try:
        with transaction.atomic():
            Budget.objects.create(scope=scope, window=window, count=1)
    except IntegrityError:  # another process made the row meanwhile
        return bool(rows.filter(count__lt=limit).update(count=F("count") + 1))
    return True


def count(scope: str, seconds: int, now: datetime) -> int:
    """Count one where nothing is limited; how many this window has now."""
    charge(scope, seconds, 1_000_000_000, now)
    rows = Budget.objects.filter(scope=scope, window=int(now.timestamp()) // seconds)
    return rows.values_list("count", flat=True).get()


def forget_old(now: datetime) -> int:
    """Delete windows older than two days; their number."""
    oldest_hour = int((now - timedelta(days=2)).timestamp()) // HOUR
    oldest_day = int((now - timedelta(days=2)).timestamp()) // DAY
    old_days = Budget.objects.filter(scope__startswith="card:", window__lt=oldest_day)
    old_hours = Budget.objects.exclude(scope__startswith="card:").filter(window__lt=oldest_hour)
    return old_days.delete()[0] + old_hours.delete()[0]
