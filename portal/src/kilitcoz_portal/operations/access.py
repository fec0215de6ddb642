"""Finding an operation for whoever asks, locked, and the frame in which every deed runs."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.operations import bearers
from kilitcoz_portal.operations.errors import (
    ClaimedElsewhere,
    OperationError,
    OperationExpired,
    OperationNotFound,
    OperationState,
    SessionRefused,
)
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State

P = ParamSpec("P")
T = TypeVar("T")


def one_transaction(deed: Callable[P, T | OperationError]) -> Callable[P, T]:
    """Run a deed in one durable transaction. An OperationError that it *raises* rolls everything back; one
    that it *returns* is raised after the commit, because what was written about the refusal must stay.
    """

    @wraps(deed)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic(durable=True):
            outcome = deed(*args, **kwargs)
        if isinstance(outcome, OperationError):
            raise outcome
        return outcome

    return run


def locked(operation_id: str) -> Operation:
    """The operation with its card, if it has one; its row is locked until the transaction ends.

    Raises OperationNotFound.
    """
    rows = Operation.objects.select_related("card").select_for_update(of=("self",))
    operation = rows.filter(pk=operation_id).first()
    if operation is None:
        raise OperationNotFound
    return operation


def of_browser(operation: Operation, browser: str) -> bool:
    """Whether this browser began the operation."""
    return hmac.compare_digest(bytes(operation.browser_hash), bearers.browser_hash(browser))


def foreign(operation: Operation, now: datetime) -> OperationNotFound:
    """The refusal of another browser (A40): written down, and for the asker no different from "no such
    operation".
    """
    audit(Event.FOREIGN_OBJECT_ASKED, operation, now)
    return OperationNotFound()


def note_foreign(operation_id: str, now: datetime) -> None:
    """A card service asked with a bearer of another operation (A40): written down, if there is this one."""
    operation = Operation.objects.filter(pk=operation_id).first()
    if operation is not None:
        audit(Event.FOREIGN_OBJECT_ASKED, operation, now)


def require_session(operation: Operation, presented: str) -> None:
    """Raises SessionRefused where the bearer is not the one of this operation's claim."""
    if operation.agent_key is None or not bearers.same(presented, bearers.session(operation)):
        raise SessionRefused


def claim_refusal(operation: Operation, agent_key: bytes) -> OperationError | None:
    """Why a card service with this one-time key may not claim the operation; None where it may."""
    if operation.code == "operation-expired":
        return OperationExpired(operation.state)
    if operation.agent_key is not None and bytes(operation.agent_key) != agent_key:
        return ClaimedElsewhere(operation.state)
    if operation.state not in {State.AUTHORISED, State.CLAIMED, State.IDENTIFIED}:
        return OperationState(operation.state)
    return None


def is_late(operation: Operation, now: datetime) -> bool:
    """Open, but its life is over."""
    return State(operation.state) in OPEN_STATES and now >= operation.expires_at


def audit(event: Event, operation: Operation, now: datetime, **detail: str | int | bool | None) -> None:
    """One audit event of this operation."""
    record(
        event,
        now=now,
        holder_id=operation.holder_id,
        card_id=operation.card_id,
        operation_id=operation.pk,
        detail=detail,
    )
