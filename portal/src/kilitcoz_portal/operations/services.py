"""What pages call: each function is one deed in one transaction, audit rows inside.

`browser` is the random string kept in the session that began the operation; any other gets OperationNotFound.
The card service's side is in claims, releases, results and pairing; reading is in queries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations import bearers, capability, opening, permission
from kilitcoz_portal.operations.access import audit, foreign, is_late, locked, of_browser, one_transaction
from kilitcoz_portal.operations.errors import (
    OperationError,
    OperationExpired,
    OperationNotFound,
    OperationOpenElsewhere,
    OperationState,
    ReceiptRefused,
)
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, PairingCode, State
from kilitcoz_portal.operations.states import Deed, apply
from kilitcoz_portal.vault import receipts

T = TypeVar("T")


@one_transaction
def start(
    holder: Holder,
    card: Card,
    kind: OperationKind,
    browser: str,
    language: str,
    now: datetime,
    *,
    beyond_phone: bool = False,
) -> Operation | OperationError:
    """A new operation in state awaiting_code; the same browser's open one for this card and kind is returned
    again. `beyond_phone` as in permission.refusal.

    Raises OperationOpenElsewhere where another browser has an open operation with this card,
    OperationNotFound where the card is not the holder's, and what permission.refusal says.
    """
    if card.holder_id != holder.pk:
        return OperationNotFound()
    refused = permission.refusal(holder, kind, now, beyond_phone=beyond_phone)
    if refused is not None:
        detail = {"kind": kind.value, "code": refused.code}
        record(Event.OPERATION_REFUSED, now=now, holder_id=holder.pk, card_id=card.pk, detail={**detail})
        return refused
    open_one = opening.open_with(card, now) or opening.create(
        holder, card, kind, browser, language, now, beyond_phone=beyond_phone
    )
    if not of_browser(open_one, browser) or open_one.kind != kind:
        return OperationOpenElsewhere(open_one.state)
    return open_one


@one_transaction
def authorise(operation_id: str, browser: str, receipt: str, now: datetime) -> Operation | OperationError:
    """awaiting_code → authorised, by the receipt that vault.receipts.issue made when the SMS code was right.

    Raises OperationNotFound, ReceiptRefused, OperationExpired, OperationState, and what permission.refusal
    says.
    """
    return _own(operation_id, browser, now, lambda operation: _authorise(operation, receipt, now))


def _authorise(operation: Operation, receipt: str, now: datetime) -> Operation | OperationError:
    if not receipts.is_valid(receipt, operation.pk, operation.enrolled_card.ref, now):
        return ReceiptRefused(operation.state)
    if operation.state == State.AUTHORISED and operation.receipt == receipt:
        return operation
    refused = permission.of_operation(operation, Event.OPERATION_REFUSED, now)
    if refused is not None:
        return refused
    apply(operation, Deed.AUTHORISE, State.AUTHORISED, now)
    operation.receipt = receipt
    operation.save(update_fields=["state", "receipt"])
    audit(Event.OPERATION_AUTHORISED, operation, now)
    return operation


@one_transaction
def issue_capability(operation_id: str, browser: str, now: datetime) -> str | OperationError:
    """The capability (JWT) for the link to the card service; may be asked again until a card service claimed
    it.

    Raises OperationNotFound, OperationExpired, OperationState.
    """
    return _own(operation_id, browser, now, lambda operation: _issue_capability(operation, now))


def _issue_capability(operation: Operation, now: datetime) -> str | OperationError:
    if operation.state != State.AUTHORISED:
        return OperationState(operation.state)
    audit(Event.CAPABILITY_ISSUED, operation, now)
    return capability.make(operation, now)


@one_transaction
def issue_pairing_code(operation_id: str, browser: str, now: datetime) -> str | OperationError:
    """A fresh typed code, 8 characters as `ABCD2345`; the operation's earlier codes die.

    Raises OperationNotFound, OperationExpired, OperationState.
    """
    return _own(operation_id, browser, now, lambda operation: _issue_pairing_code(operation, now))


def _issue_pairing_code(operation: Operation, now: datetime) -> str | OperationError:
    if operation.state != State.AUTHORISED:
        return OperationState(operation.state)
    operation.pairing_codes.all().delete()
    code = bearers.new_pairing_code()
    PairingCode.objects.create(
        code_hash=bearers.pairing_hash(code), operation=operation, expires_at=operation.expires_at
    )
    audit(Event.PAIRING_CODE_ISSUED, operation, now)
    return code


@one_transaction
def cancel(operation_id: str, browser: str, now: datetime) -> Operation | OperationError:
    """The holder gives up before a secret was released; cancelling twice changes nothing.

    Raises OperationNotFound, OperationState (something was released: the card service must finish).
    """
    operation = locked(operation_id)
    if not of_browser(operation, browser):
        return foreign(operation, now)
    if operation.state == State.CANCELLED:
        return operation
    opening.give_up(operation, now)
    return operation


@one_transaction
def withdraw(holder: Holder, card: Card, now: datetime) -> Operation | OperationError | None:
    """The holder, signed in anew, ends what another browser of theirs left open with this card; None where
    nothing is open.

    Raises OperationNotFound where the card is not the holder's, OperationState where a secret was released:
    that card service must finish.
    """
    if card.holder_id != holder.pk:
        return OperationNotFound()
    open_one = Operation.objects.select_for_update().filter(card=card, state__in=OPEN_STATES).first()
    if open_one is None:
        return None
    if is_late(open_one, now):
        expire(open_one, now)
    else:
        opening.give_up(open_one, now)
    return open_one


def cancel_begun_in(browser_hashes: Collection[bytes], now: datetime) -> list[Operation]:
    """Give up what these browsers began, because their sessions were ended; returns what was cancelled.

    What was released stays: its card service must finish. Joins the caller's transaction.
    """
    with transaction.atomic():
        begun = Operation.objects.filter(browser_hash__in=browser_hashes, state__in=OPEN_STATES)
        rows = list(begun.exclude(state=State.RELEASED).order_by("pk").select_for_update())
        for operation in rows:
            opening.give_up(operation, now)
    return rows


def withdraw_all(holder_id: int, now: datetime) -> int:
    """End every open operation of the holder whose secret was not released; how many there were. A released
    one must be reported. Call it inside the transaction of what forbids them.
    """
    rows = Operation.objects.select_for_update().filter(holder_id=holder_id, state__in=OPEN_STATES)
    return _withdraw(list(rows.exclude(state=State.RELEASED).order_by("pk")), now)


def withdraw_of_card(card_id: int, now: datetime) -> int:
    """As `withdraw_all`, of one card: what its certificates have become forbids to go on (A39)."""
    rows = Operation.objects.select_for_update().filter(card_id=card_id, state__in=OPEN_STATES)
    return _withdraw(list(rows.exclude(state=State.RELEASED).order_by("pk")), now)


def _withdraw(operations: list[Operation], now: datetime) -> int:
    for operation in operations:
        if is_late(operation, now):
            expire(operation, now)
        else:
            opening.give_up(operation, now)
    return len(operations)


@one_transaction
def complete(operation_id: str, browser: str, completion: str, now: datetime) -> Operation | OperationError:
    """The browser is back with the one-time completion secret of the card service; a second time changes
    nothing.

    Raises OperationNotFound: unknown, another browser's, or not this completion.
    """
    operation = locked(operation_id)
    if not of_browser(operation, browser):
        return foreign(operation, now)
    if operation.state in OPEN_STATES or not bearers.same(completion, bearers.completion(operation)):
        return OperationNotFound()
    if operation.completed_at is None:
        operation.completed_at = now
        operation.save(update_fields=["completed_at"])
        audit(Event.OPERATION_COMPLETED, operation, now)
    return operation


def _own(
    operation_id: str, browser: str, now: datetime, deed: Callable[[Operation], T | OperationError]
) -> T | OperationError:
    """Do the deed on this browser's operation, if it is not late."""
    operation = locked(operation_id)
    if not of_browser(operation, browser):
        return foreign(operation, now)
    if is_late(operation, now):
        expire(operation, now)
    if operation.code == "operation-expired":
        return OperationExpired(operation.state)
    return deed(operation)
