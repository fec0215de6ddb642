"""Reading operations, for the page that follows one and for the menu."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kilitcoz_portal.operations import access
from kilitcoz_portal.operations.errors import OperationNotFound
from kilitcoz_portal.operations.expiry import CODE, state_when_late
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State


@dataclass(frozen=True)
class Watched:
    """What the following page needs; nothing here is secret.

    `decision` is the last M4 decision ("" before the first claim, and of a login), `code` says why a closed
    operation did not succeed, `paired`: it came to a card service by a typed code.
    """

    id: str
    kind: str
    state: str
    decision: str
    code: str
    number: str
    card_label: str
    language: str
    expires_at: datetime
    is_open: bool
    completed: bool
    paired: bool


def watch(operation_id: str, browser: str, now: datetime) -> Watched:
    """The operation as it stands at `now` (late ones read as expired). Raises OperationNotFound."""
    operation = Operation.objects.select_related("card").filter(pk=operation_id).first()
    if operation is None:
        raise OperationNotFound
    if not access.of_browser(operation, browser):
        with transaction.atomic():
            refusal = access.foreign(operation, now)
        raise refusal
    state, code = State(operation.state), operation.code
    if access.is_late(operation, now):
        state, code = state_when_late(state), CODE
    return Watched(
        id=operation.pk,
        kind=operation.kind,
        state=state,
        decision=operation.decision,
        code=code,
        number=operation.number,
        card_label=operation.card.label if operation.card else "",
        language=operation.language,
        expires_at=operation.expires_at,
        is_open=state in OPEN_STATES,
        completed=operation.completed_at is not None,
        paired=operation.paired,
    )
