"""Beginning, giving up and failing an operation: what its kinds share. All but `fail` join the caller's
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
from kilitcoz_portal.operations.access import audit, is_late, locked
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State
from kilitcoz_portal.operations.states import Deed, apply

LIFE = timedelta(seconds=CAPABILITY_LIFE)
# Kinds that no code on the portal has to authorise: the card's own PIN does, or who opened the desk.
_BEGINS_AS = dict.fromkeys(
    (OperationKind.SIGN, OperationKind.LOGIN, OperationKind.PERSONALISE), State.AUTHORISED
)


def open_with(card: Card, now: datetime) -> Operation | None:
    """The open operation of this card, locked; a late one is closed and there is none."""
    open_one = Operation.objects.select_for_update().filter(card=card, state__in=OPEN_STATES).first()
    if open_one is not None and is_late(open_one, now):
        expire(open_one, now)
        return None
    return open_one


def drawn_up(kind: OperationKind, browser: str, language: str, now: datetime, **more: object) -> Operation:
    """A new operation as it begins, not saved yet: random id, nonce and number, ten minutes. `more`: what
    this kind has besides.
    """
    return Operation(
        id=b64u_encode(secrets.token_bytes(16)),
        kind=kind,
        state=_BEGINS_AS.get(kind, State.AWAITING_CODE),
        browser_hash=bearers.browser_hash(browser),
        language=language,
        nonce=b64u_encode(secrets.token_bytes(16)),
        number=f"{secrets.randbelow(100):02d}",
        created_at=now,
        expires_at=now + LIFE,
        **more,
    )


def saved(operation: Operation, now: datetime) -> bool:
    """It is begun, and written down; False where the database has one open in its place already (A28)."""
    try:
        with transaction.atomic():
            operation.save(force_insert=True)
    except IntegrityError:
        return False
    audit(Event.OPERATION_STARTED, operation, now, kind=operation.kind)
    return True


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
    operation = drawn_up(kind, browser, language, now, holder=holder, card=card, beyond_phone=beyond_phone)
    if saved(operation, now):
        return operation
    return Operation.objects.get(card=card, state__in=OPEN_STATES)


def fail(operation_id: str, deed: Deed, event: Event, code: str, now: datetime) -> str:
    """What the card service presented was not accepted: the operation has failed, and the pages say why. The
    state it is in now. Raises OperationNotFound.
    """
    with transaction.atomic(durable=True):
        operation = locked(operation_id)
        if operation.state == State.IDENTIFIED:
            apply(operation, deed, State.FAILED, now, code=code)
            operation.save(update_fields=["state", "code", "closed_at"])
            audit(event, operation, now, code=code)
    return operation.state


def give_up(operation: Operation, now: datetime) -> None:
    """Cancel it (locked by the caller). Raises OperationState where a secret was released."""
    apply(operation, Deed.CANCEL, State.CANCELLED, now, code="cancelled")
    operation.save(update_fields=["state", "code", "closed_at"])
    audit(Event.OPERATION_CANCELLED, operation, now)
