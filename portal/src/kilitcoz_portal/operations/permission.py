"""Whether a holder may have a card unlocked, or sign with it, at all: asked when an operation starts, when
its code was right, and before a secret is released, so that a freeze or a changed phone stops what is under
way.
"""

from __future__ import annotations

from datetime import datetime

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import holds
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.access import audit
from kilitcoz_portal.operations.errors import (
    HolderFrozen,
    OperationError,
    PhoneJustChanged,
    RemoteUnlockJustAllowed,
    RemoteUnlockOff,
)
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.states import BY_PUK

_STOPPED_BY_FREEZING = BY_PUK | {OperationKind.CHANGE_PIN, OperationKind.SIGN, OperationKind.RENEW}


def refusal(holder: Holder, kind: str, now: datetime, *, beyond_phone: bool) -> OperationError | None:
    """What forbids it, or None. `beyond_phone`: the holder proved more than word and SMS, by a card or a
    passkey, so that a phone changed within 72 hours does not matter (A10).
    """
    if kind not in _STOPPED_BY_FREEZING:
        return None
    if holder.frozen_at is not None:
        return HolderFrozen()
    return _of_unlock(holder, now, beyond_phone=beyond_phone) if kind in BY_PUK else None


def of_operation(operation: Operation, event: Event, now: datetime) -> OperationError | None:
    """The same for an operation under way; a refusal is written down as `event`."""
    refused = refusal(operation.known_holder, operation.kind, now, beyond_phone=operation.beyond_phone)
    if refused is not None:
        audit(event, operation, now, code=refused.code)
    return refused


def _of_unlock(holder: Holder, now: datetime, *, beyond_phone: bool) -> OperationError | None:
    if not holder.remote_unlock:
        return RemoteUnlockOff()
    allowed_from = holds.remote_unlock_held_until(holder, now)
    if allowed_from is not None:
        return RemoteUnlockJustAllowed(allowed_from)
    phone_counts_from = holds.phone_held_until(holder, now)
    if phone_counts_from is not None and not beyond_phone:
        return PhoneJustChanged(phone_counts_from)
    return None
