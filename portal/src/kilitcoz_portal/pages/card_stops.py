"""What of a card's certificates stands against unlocking it (A39): a card that is told as lost gets no new
PIN, and one whose certificates have ended needs none.

OperationError
├── FirstPinAwaited   first-pin-awaited   of activation: it waits for its first PIN
├── CardSuspended     card-suspended      all that lives on it is suspended
└── CardOver          card-over           nothing on it lives any more
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.activation.errors import FirstPinAwaited
from kilitcoz_portal.certificates import queries as certificates
from kilitcoz_portal.certificates.models import State
from kilitcoz_portal.certificates.states import FINAL
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations.errors import OperationError


class CardSuspended(OperationError):
    """Somebody has to open it again first."""

    code = "card-suspended"


class CardOver(OperationError):
    """Revoked or expired."""

    code = "card-over"


def refusal(card: Card, now: datetime) -> OperationError | None:
    """Why this card is not unlocked, or None; of another authority's certificates we know nothing."""
    rows = certificates.of_card(card.pk, *State)
    states = {certificates.state_of(row, now) for row in rows} - FINAL
    if State.VALID in states:  # beside it a renewed one may wait: the card has a PIN all the same
        return None
    if State.AWAITING_ACTIVATION in states:
        return FirstPinAwaited()
    if rows and not states:
        return CardOver()
    return CardSuspended() if states == {State.SUSPENDED} else None
