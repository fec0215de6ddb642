"""The operation `renew`, as far as it is one: whose call it is, and its good end (docs/renewal-protocol.md).
What is renewed, and how far it came, is kept by the room renewal.
"""

from __future__ import annotations

from datetime import datetime

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.operations import permission
from kilitcoz_portal.operations.access import audit, is_late, locked, require_session
from kilitcoz_portal.operations.errors import OperationError, OperationExpired, OperationState
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.operations.states import Deed, apply


def at_work(operation_id: str, bearer: str, now: datetime) -> Operation | OperationError:
    """The operation, if its card was identified and it is not late; locked, inside the caller's transaction.
    One that has succeeded is given back too, so that a repeated report is answered.

    Raises OperationNotFound, SessionRefused.
    """
    operation = locked(operation_id)
    require_session(operation, bearer)
    if operation.kind != OperationKind.RENEW:
        return OperationState(operation.state)
    if operation.state == State.SUCCEEDED:
        return operation
    if is_late(operation, now):
        expire(operation, now)
        return OperationExpired(operation.state)
    if operation.state != State.IDENTIFIED:
        return OperationState(operation.state)
    return permission.of_operation(operation, Event.OPERATION_REFUSED, now) or operation


def succeed(operation: Operation, now: datetime) -> None:
    """The new certificates are on the card and open; inside the caller's transaction."""
    apply(operation, Deed.RENEW, State.SUCCEEDED, now)
    operation.save(update_fields=["state", "code", "closed_at"])
    audit(Event.CARD_RENEWED, operation, now)
