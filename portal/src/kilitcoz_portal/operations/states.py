"""The states of an operation and every move between them, as one literal table and the function that applies
it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.operations.errors import OperationState
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State


class Deed(StrEnum):
    """What moves an operation."""

    AUTHORISE = "authorise"  # the operation-bound SMS code was right
    CLAIM = "claim"  # a card service says what card it sees
    RELEASE = "release"  # the vault armed the card's secret
    RESULT = "result"  # the card service says what the card answered
    LOGIN = "login"  # the card's token was accepted, or refused
    SIGN = "sign"  # the card's signature of a document was accepted, or refused
    RENEW = "renew"  # the card's new certificates are written and open
    CONFIRM = "confirm"  # wrong numbers were typed in place of the one behind a typed code
    FINISH = "finish"  # at a registrar's desk: no card of the batch is left
    ABORT = "abort"  # the card service stops
    CANCEL = "cancel"  # the holder stops
    EXPIRE = "expire"  # its life is over


S, D = State, Deed

MOVES: dict[tuple[State, Deed], frozenset[State]] = {
    (S.AWAITING_CODE, D.AUTHORISE): frozenset({S.AUTHORISED}),
    (S.AWAITING_CODE, D.CANCEL): frozenset({S.CANCELLED}),
    (S.AWAITING_CODE, D.EXPIRE): frozenset({S.EXPIRED}),
    (S.AUTHORISED, D.CLAIM): frozenset({S.CLAIMED, S.IDENTIFIED}),
    (S.AUTHORISED, D.ABORT): frozenset({S.FAILED}),
    (S.AUTHORISED, D.CANCEL): frozenset({S.CANCELLED}),
    (S.AUTHORISED, D.EXPIRE): frozenset({S.EXPIRED}),
    (S.CLAIMED, D.CLAIM): frozenset({S.CLAIMED, S.IDENTIFIED}),
    (S.CLAIMED, D.FINISH): frozenset({S.SUCCEEDED}),
    (S.CLAIMED, D.ABORT): frozenset({S.FAILED}),
    (S.CLAIMED, D.CANCEL): frozenset({S.CANCELLED}),
    (S.CLAIMED, D.EXPIRE): frozenset({S.EXPIRED}),
    (S.IDENTIFIED, D.CLAIM): frozenset({S.CLAIMED, S.IDENTIFIED}),
    (S.IDENTIFIED, D.RELEASE): frozenset({S.RELEASED}),
    (S.IDENTIFIED, D.RESULT): frozenset(
        {S.SUCCEEDED, S.IDENTIFIED, S.FAILED}
    ),  # no secret of ours was needed
    (S.IDENTIFIED, D.LOGIN): frozenset({S.SUCCEEDED, S.FAILED}),
    (S.IDENTIFIED, D.SIGN): frozenset({S.SUCCEEDED, S.FAILED}),
    (S.IDENTIFIED, D.RENEW): frozenset({S.SUCCEEDED}),
    (S.IDENTIFIED, D.ABORT): frozenset({S.FAILED}),
    (S.IDENTIFIED, D.CANCEL): frozenset({S.CANCELLED}),
    (S.IDENTIFIED, D.EXPIRE): frozenset({S.EXPIRED}),
    # CLAIMED: nothing was sent, read the card again. IDENTIFIED: the card refused the new PIN's form.
    (S.RELEASED, D.RESULT): frozenset({S.SUCCEEDED, S.FAILED, S.IN_DOUBT, S.IDENTIFIED, S.CLAIMED}),
    (S.RELEASED, D.ABORT): frozenset({S.IN_DOUBT}),
    (S.RELEASED, D.EXPIRE): frozenset({S.IN_DOUBT}),
    (S.IN_DOUBT, D.RESULT): frozenset({S.SUCCEEDED, S.FAILED, S.IN_DOUBT}),  # a report after the end
    (S.SUCCEEDED, D.CONFIRM): frozenset({S.FAILED}),  # nobody is signed in by this login
}

EVERY_KIND = frozenset({D.CLAIM, D.ABORT, D.CANCEL, D.EXPIRE})
WITH_A_SECRET = EVERY_KIND | {D.AUTHORISE, D.RELEASE, D.RESULT}

DEEDS_OF: dict[OperationKind, frozenset[Deed]] = {
    OperationKind.UNLOCK: WITH_A_SECRET,
    OperationKind.ACTIVATE: WITH_A_SECRET,
    OperationKind.CHANGE_PIN: WITH_A_SECRET,
    OperationKind.LOGIN: EVERY_KIND | {D.LOGIN, D.CONFIRM},
    OperationKind.PERSONALISE: EVERY_KIND | {D.FINISH},
    OperationKind.SIGN: EVERY_KIND | {D.SIGN},
    OperationKind.RENEW: EVERY_KIND | {D.AUTHORISE, D.RENEW},
}

BY_PUK = frozenset({OperationKind.UNLOCK, OperationKind.ACTIVATE})
"""Kinds for which the vault opens the card's PUK: what forbids one of them forbids the other."""


def apply(operation: Operation, deed: Deed, target: State, now: datetime, *, code: str = "") -> None:
    """Move the operation (the caller saves it); OperationState where the tables have no such move.

    `code` says why it did not succeed. A closed operation carries the time of its end.
    """
    state = State(operation.state)
    if deed not in DEEDS_OF[OperationKind(operation.kind)] or target not in MOVES.get((state, deed), ()):
        raise OperationState(state)
    operation.state = target
    operation.code = "" if target is State.SUCCEEDED else code
    operation.closed_at = None if target in OPEN_STATES else now
