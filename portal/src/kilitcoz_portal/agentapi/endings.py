"""What a success brings about, by the operation's kind, in the transaction in which it ends."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.activation import services as activation
from kilitcoz_portal.operations import results
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.results import Ending

ENDINGS: dict[str, Ending] = {OperationKind.ACTIVATE: activation.first_pin_set}


def ending(operation: Operation, now: datetime) -> None:
    """The holder is told, and what the operation was for is done."""
    ENDINGS.get(operation.kind, results.tell_of_new_pin)(operation, now)
