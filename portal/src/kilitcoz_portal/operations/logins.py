"""A login by card, as the browser that began it sees it (docs/login-protocol.md, L1, L2 and the way back).

One rule: the session that began *and* presents what the card service was given is signed in, and no other
(A18b). Whose login it is, no page says before.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.addresses import network_of
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import attempts, bearers, networks, opening
from kilitcoz_portal.operations.access import audit, foreign, is_late, locked, of_browser, one_transaction
from kilitcoz_portal.operations.errors import (
    ConfirmationWrong,
    LoginRefused,
    OperationError,
    OperationExpired,
    OperationNotFound,
    TooManyAttempts,
)
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State
from kilitcoz_portal.operations.states import Deed, apply

USED_UP = "confirmation-used-up"


@one_transaction
def start(
    browser: str, browser_name: str, address: str, language: str, now: datetime
) -> Operation | OperationError:
    """A login for this browser, authorised at once; its open one is returned again, and not counted.

    `browser_name`: family and system, for the holder to recognise. Raises TooManyAttempts where this network
    began too many in this hour.
    """
    mine = Operation.objects.select_for_update().filter(
        kind=OperationKind.LOGIN, browser_hash=bearers.browser_hash(browser), state__in=OPEN_STATES
    )
    open_one = mine.first()
    if open_one is not None and is_late(open_one, now):
        expire(open_one, now)
        open_one = None
    if open_one is not None:
        return open_one
    begun = attempts.locked(f"login:{network_of(address)}", now)
    if begun.count >= settings.KILITCOZ_CARD_LOGINS_HOURLY:
        return TooManyAttempts()
    attempts.count(begun)
    return _create(browser, browser_name, address, language, now)


def _create(browser: str, browser_name: str, address: str, language: str, now: datetime) -> Operation:
    """The new row; or, where this browser made one at the same moment, that one."""
    facts = {"browser_name": browser_name, "began_from": networks.mark(address)}
    operation = opening.drawn_up(OperationKind.LOGIN, browser, language, now, **facts)
    if opening.saved(operation, now):
        return operation
    return Operation.objects.get(
        kind=OperationKind.LOGIN, browser_hash=operation.browser_hash, state__in=OPEN_STATES
    )


@one_transaction
def complete(operation_id: str, browser: str, completion: str, now: datetime) -> Holder | OperationError:
    """Who is to be signed in: the same browser is back with the completion secret. Once.

    Raises OperationNotFound (unknown, another browser's, not this secret, or used), OperationExpired.
    """
    operation = locked(operation_id)
    if not of_browser(operation, browser):
        return foreign(operation, now)
    if not bearers.same(completion, bearers.completion(operation)):
        return OperationNotFound()
    return _signed_in(operation, now)


@one_transaction
def confirm(operation_id: str, browser: str, number: str, now: datetime) -> Holder | OperationError:
    """The same, behind a typed code, by the number that the card service showed. Each try is counted before
    it is looked at; the third wrong one ends the login.

    Raises OperationNotFound, OperationExpired, ConfirmationWrong, LoginRefused (`confirmation-used-up`).
    """
    operation = locked(operation_id)
    if not of_browser(operation, browser):
        return foreign(operation, now)
    if operation.state != State.SUCCEEDED or not operation.paired:
        return OperationNotFound(operation.state)
    operation.confirmations_left -= 1
    operation.save(update_fields=["confirmations_left"])
    if bearers.same(number, bearers.confirmation(operation)):
        return _signed_in(operation, now)
    audit(Event.CONFIRMATION_WRONG, operation, now, left=operation.confirmations_left)
    if operation.confirmations_left > 0:
        return ConfirmationWrong(operation.state)
    apply(operation, Deed.CONFIRM, State.FAILED, now, code=USED_UP)
    operation.save(update_fields=["state", "code", "closed_at"])
    return LoginRefused(USED_UP, operation.state)


def _signed_in(operation: Operation, now: datetime) -> Holder | OperationError:
    if operation.kind != OperationKind.LOGIN or operation.state != State.SUCCEEDED or operation.completed_at:
        return OperationNotFound(operation.state)
    if now >= operation.expires_at:
        return OperationExpired(operation.state)
    operation.completed_at = now
    operation.save(update_fields=["completed_at"])
    audit(Event.OPERATION_COMPLETED, operation, now)
    return operation.known_holder
