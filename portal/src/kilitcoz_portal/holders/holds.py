"""How long a change holds an unlock back (A10): 72 hours after the phone, or after remote unlock was allowed
again. Notices of the change have gone out by then, and their undo link was of use.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kilitcoz_portal.holders.models import Holder

HOLD = timedelta(hours=72)


def phone_held_until(holder: Holder, now: datetime) -> datetime | None:
    """Until when the phone alone proves nothing that unlocks; None where it does."""
    return _still_held(holder.phone_changed_at, now)


def remote_unlock_held_until(holder: Holder, now: datetime) -> datetime | None:
    """Until when remote unlock, allowed again, waits; None where it does not wait."""
    return _still_held(holder.remote_unlock_changed_at, now) if holder.remote_unlock else None


def _still_held(changed_at: datetime | None, now: datetime) -> datetime | None:
    if changed_at is None or now >= changed_at + HOLD:
        return None
    return changed_at + HOLD
