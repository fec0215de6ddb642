"""The states of an application as one literal table, and the one function that applies it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from kilitcoz_portal.applications.errors import StepImpossible
from kilitcoz_portal.applications.models import Application, State


class Deed(StrEnum):
    """What is done to an application."""

    CHECK = "check"
    APPROVE = "approve"
    PRODUCE = "produce"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


TABLE: dict[tuple[State, Deed], State] = {
    (State.RECEIVED, Deed.CHECK): State.CHECKED,
    (State.RECEIVED, Deed.REFUSE): State.REFUSED,
    (State.RECEIVED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.CHECKED, Deed.APPROVE): State.APPROVED,
    (State.CHECKED, Deed.REFUSE): State.REFUSED,
    (State.CHECKED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Deed.PRODUCE): State.PRODUCED,
    (State.APPROVED, Deed.REFUSE): State.REFUSED,
    (State.APPROVED, Deed.WITHDRAW): State.WITHDRAWN,
}


def require(application: Application, deed: Deed) -> State:
    """Where the deed leads from here. Raises StepImpossible."""
    target = TABLE.get((State(application.state), deed))
    if target is None:
        raise StepImpossible
    return target


def move(application: Application, deed: Deed, **changes: Any) -> None:
    """One step, with what goes along with it, in the caller's transaction; of two at once, one is done.

    Raises StepImpossible.
    """
    target = require(application, deed)
    rows = Application.objects.filter(pk=application.pk, state=application.state)
    if rows.update(state=target, **changes) != 1:
        raise StepImpossible
    application.refresh_from_db()
