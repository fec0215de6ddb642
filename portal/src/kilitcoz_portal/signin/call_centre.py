"""What the call centre does for a holder who is on the line: by `kilitcoz holder …` until its console exists.

Each function is one transaction. A changed contact ends all sessions with what they began (`also`, from the
floor above), and the holder is told at every contact, old and new, so that a call which was not theirs is
noticed (A10).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import NOTHING_MORE
from kilitcoz_portal.signin.contacts import changed_email, changed_phone
from kilitcoz_portal.sms.phones import require_sendable


def change_phone(holder: Holder, phone: str, now: datetime, also: Callable[[], object], *, by: str) -> None:
    """`phone` is E.164; `also` is done in the same transaction.

    Raises HolderFrozen, ContactUnchanged, PhoneNotAllowed.
    """
    require_sendable(phone)
    with transaction.atomic():
        changed_phone(holder.pk, phone, now, by=by, about=NOTHING_MORE)
        also()


def change_email(holder: Holder, email: str, now: datetime, also: Callable[[], object], *, by: str) -> None:
    """`also` is done in the same transaction. Raises HolderFrozen, ContactUnchanged."""
    with transaction.atomic():
        changed_email(holder.pk, email, now, by=by, about=NOTHING_MORE)
        also()


def ask_unfreeze(holder: Holder, now: datetime, *, by: str, reason: str, phone: str = "") -> None:
    """The first person; `phone` where it was a thief's. Raises UnfreezeRefused, PhoneNotAllowed."""
    if phone:
        require_sendable(phone)
    with transaction.atomic():
        freezing.ask_unfreeze(holder.pk, now, by=by, reason=reason, phone=phone)


def approve_unfreeze(holder: Holder, now: datetime, *, by: str) -> None:
    """The second person: the account is open, with the phone set right, and its 72 hours begin.

    Raises UnfreezeRefused, ContactUnchanged.
    """
    with transaction.atomic():
        asked = freezing.approve_unfreeze(holder.pk, now, by=by)
        if asked.phone:
            changed_phone(holder.pk, asked.phone, now, by=by, about=NOTHING_MORE)
        holder.refresh_from_db()
        notices.tell(holder, Kind.UNFROZEN, now)
