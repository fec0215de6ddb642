"""Beginning and giving up an operation: what services and signatures share. Each joins the caller's
transaction.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from kilitcoz_cards.messages import CAPABILITY_LIFE, OperationKind, b64u_encode
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations import bearers
from kilitcoz_portal.operations.access import audit, is_late
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State
from kilitcoz_portal.operations.states import Deed, apply

LIFE = timedelta(seconds=CAPABILITY_LIFE)
# How an operation begins whose deed nothing but the card's own PIN has to authorise.
_BEGINS_AS = {OperationKind.SIGN: State.AUTHORISED}


def open_with(card: Card, now: datetime) -> Operation | None:
    """The open operation of this card, locked; a late one is closed and there is none."""
    open_one = Operation.objects.select_for_update().filter(card=card, state__in=OPEN_STATES).first()
    if open_one is not None and is_late(open_one, now):
        expire(open_one, now)
        return None
    return open_one


def create(
    holder: Holder,
    card: Card,
    kind: OperationKind,
    browser: str,
    language: str,
    now: datetime,
    *,
    beyond_phone: bool = False,
) -> Operation:
    """The new row; or, where another process made one for this card at the same moment, that one (A28)."""
    operation = Operation(
        id=b64u_encode(secrets.token_bytes(16)),
        kind=kind,
        state=_BEGINS_AS.get(kind, State.AWAITING_CODE),
        holder=holder,
        card=card,
        beyond_phone=beyond_phone,
        browser_hash=bearers.browser_hash(browser),
        language=language,
        nonce=b64u_encode(secrets.token_bytes(16)),
        number=f"{secrets.randbelow(100):02d}",
        created_at=now,
        expires_at=now + LIFE,
    )
    try:
        with transaction.atomic():
            operation.save(force_insert=True)
    except IntegrityError:
        return Operation.objects.get(card=card, state__in=OPEN_STATES)
    audit(Event.OPERATION_STARTED, operation, now, kind=operation.kind)
    return operation


def give_up(operation: Operation, now: datetime) -> None:
    """Cancel it (locked by the caller). Raises OperationState where a secret was released."""
    apply(operation, Deed.CANCEL, State.CANCELLED, now, code="cancelled")
    operation.save(update_fields=["state", "code", "closed_at"])
    audit(Event.OPERATION_CANCELLED, operation, now)
