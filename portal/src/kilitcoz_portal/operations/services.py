"""What pages call: each function is one deed in one transaction, audit rows inside.

`browser` is the random string kept in the session that began the operation; any other gets OperationNotFound.
The card service's side is operations.agent; reading is operations.queries.
"""

from __future__ import annotations

from datetime import datetime

from kilitcoz_cards.messages import OperationKind

from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations.models import Operation


def start(
    holder: Holder, card: Card, kind: OperationKind, browser: str, language: str, now: datetime
) -> Operation:
    """A new operation in state awaiting_code; the same browser's open one for this card and kind is returned again.

    Raises OperationOpenElsewhere where another browser has an open operation with this card, OperationNotFound
    where the card is not the holder's.
    """
    raise NotImplementedError


def authorise(operation_id: str, browser: str, receipt: str, now: datetime) -> Operation:
    """awaiting_code → authorised, by the receipt that vault.receipts.issue made when the SMS code was right.

    Raises OperationNotFound, ReceiptRefused, OperationExpired, OperationState.
    """
    raise NotImplementedError


def issue_capability(operation_id: str, browser: str, now: datetime) -> str:
    """The capability (JWT) for the link to the card service; may be asked again until a card service claimed it.

    Raises OperationNotFound, OperationExpired, OperationState.
    """
    raise NotImplementedError


def issue_pairing_code(operation_id: str, browser: str, now: datetime) -> str:
    """A fresh typed code, 8 characters as `ABCD2345`; the operation's earlier codes die.

    Raises OperationNotFound, OperationExpired, OperationState.
    """
    raise NotImplementedError


def cancel(operation_id: str, browser: str, now: datetime) -> Operation:
    """The holder gives up before a secret was released; cancelling twice changes nothing.

    Raises OperationNotFound, OperationState (something was released: the card service must finish).
    """
    raise NotImplementedError


def complete(operation_id: str, browser: str, completion: str, now: datetime) -> Operation:
    """The browser is back with the one-time completion secret of the card service; a second time changes nothing.

    Raises OperationNotFound: unknown, another browser's, or not this completion.
    """
    raise NotImplementedError
