"""Limiting guesses: a count per subject and hour, kept in the database so that no second process misses
it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from kilitcoz_portal.operations.models import AttemptCount

HOUR = 3600


def count(subject: str, now: datetime) -> None:
    """One more attempt of this subject in this hour; call it inside the transaction that refuses the
    attempt.
    """
    rows = AttemptCount.objects.filter(subject=subject, window=_window(now))
    if rows.update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            AttemptCount.objects.create(subject=subject, window=_window(now), count=1)
    except IntegrityError:
        rows.update(count=F("count") + 1)


def made(subject: str, now: datetime) -> int:
    """How many attempts this subject made in this hour."""
    row = AttemptCount.objects.filter(subject=subject, window=_window(now)).first()
    return row.count if row else 0


def _window(now: datetime) -> int:
    return int(now.timestamp()) // HOUR
