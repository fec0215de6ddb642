"""Limiting guesses: a count per subject and hour, kept in the database so that no second process misses
it.
"""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.operations.models import AttemptCount

HOUR = 3600


def locked(subject: str, now: datetime) -> AttemptCount:
    """The subject's count of this hour, its row locked until the transaction ends: guesses made at once are
    counted one after another, before they are evaluated.
    """
    row, _ = AttemptCount.objects.get_or_create(subject=subject, window=_window(now))
    return AttemptCount.objects.select_for_update().get(pk=row.pk)


def count(row: AttemptCount) -> None:
    """One more."""
    row.count += 1
    row.save(update_fields=["count"])


def _window(now: datetime) -> int:
    return int(now.timestamp()) // HOUR
