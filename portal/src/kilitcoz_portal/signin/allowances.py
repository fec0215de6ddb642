"""How often something may be done under one name (a network, a number, a holder) in a stretch of time.

Counted by one conditional UPDATE before the thing is done, so that parallel requests and other processes
cannot outrun it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, F, Q, Value, When

from kilitcoz_portal.signin.models import Allowance

KEPT = timedelta(days=2)  # longer than any window


def take(name: str, allowed: int, window: timedelta, now: datetime) -> bool:
    """One more under this name; False where the running window has had as many as are allowed."""
    Allowance.objects.bulk_create([Allowance(name=name, began_at=now)], ignore_conflicts=True)
    over = Q(began_at__lte=now - window)
    left = Allowance.objects.filter(over | Q(used__lt=allowed), name=name)
    taken = left.update(
        used=Case(When(over, then=1), default=F("used") + 1),
        began_at=Case(When(over, then=Value(now, DateTimeField())), default=F("began_at")),
    )
    return taken == 1


def forget_old(now: datetime) -> None:
    """Clear away windows that are over."""
    Allowance.objects.filter(began_at__lte=now - KEPT).delete()
