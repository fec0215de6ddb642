"""A login by card, as the card service sees it: claim, token, answer (docs/login-protocol.md, L3 to L6).

Checking a token takes the network (is the certificate revoked?) and is nobody's transaction: `present` takes
it, who checks it says `accept` or `refuse`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from kilitcoz_cards.authentication import login_challenge
from kilitcoz_cards.messages import (
    Capability,
    Label,
    LoginAnswer,
    LoginClaim,
    LoginDecision,
    LoginToken,
    Sealed,
)
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import bearers, networks, opening, sealing
from kilitcoz_portal.operations.access import (
    audit,
    claim_refusal,
    is_late,
    locked,
    one_transaction,
    require_session,
)
from kilitcoz_portal.operations.errors import (
    LoginRefused,
    OperationError,
    OperationExpired,
    OperationState,
)
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.operations.states import Deed, apply


@dataclass(frozen=True)
class Presented:
    """A token to be checked against this challenge; nothing in it is believed yet. `before`: the answer that
    it was given before.
    """

    token: LoginToken
    challenge: str
    before: LoginAnswer | None = None


def claim(shown: Capability, body: Sealed, now: datetime, address: str) -> Sealed:
    """L3 → L4, as claims.claim, which checked the capability. `address`: where the card service asks from."""
    said = sealing.open_message(LoginClaim, Label.CLAIM, body.sealed, shown.op, shown.nonce)
    decision = _claim(shown, said, now, address)
    return Sealed(sealing.seal_decision(decision, said.agent_key, shown.op, shown.nonce))


@one_transaction
def _claim(
    shown: Capability, said: LoginClaim, now: datetime, address: str
) -> LoginDecision | OperationError:
    operation = locked(shown.op)
    if is_late(operation, now):
        expire(operation, now)
    refusal = claim_refusal(operation, said.agent_key)
    if refusal is not None:
        audit(Event.CLAIM_REFUSED, operation, now, code=refusal.code)
        return refusal
    network = networks.compare(operation.began_from, address)
    if operation.agent_key is None:
        operation.agent_key = said.agent_key
        audit(Event.CLAIMED, operation, now, agent_version=said.agent_version, network=network)
    apply(operation, Deed.CLAIM, State.IDENTIFIED if said.card_found else State.CLAIMED, now)
    operation.save(update_fields=["state", "agent_key"])
    return LoginDecision(bearers.session(operation), operation.browser_name or None, network)


@one_transaction
def present(operation_id: str, bearer: str, body: Sealed, now: datetime) -> Presented | OperationError:
    """The token, taken to be checked.

    The first token is the only one: another is refused, the same may come again after a lost answer.
    Raises SessionRefused, OperationNotFound, OperationExpired, OperationState, CapabilityRefused,
    MessageMalformed, LoginRefused (the refusal of before).
    """
    operation = locked(operation_id)
    require_session(operation, bearer)
    if is_late(operation, now):
        expire(operation, now)
        return OperationExpired(operation.state)
    token = sealing.open_message(LoginToken, Label.LOGIN, body.sealed, operation.pk, operation.nonce)
    presented = Presented(token, login_challenge(operation.pk, operation.nonce))
    digest = hashlib.sha256(token.to_json()).digest()
    again = operation.token_hash is not None and bytes(operation.token_hash) == digest
    if again and operation.state == State.SUCCEEDED:
        return replace(presented, before=_answer(operation))
    if again and operation.state == State.FAILED:
        return LoginRefused(operation.code, operation.state)
    if operation.state != State.IDENTIFIED or (operation.token_hash is not None and not again):
        return OperationState(operation.state)
    operation.token_hash = digest
    operation.save(update_fields=["token_hash"])
    return presented


@one_transaction
def accept(operation_id: str, holder: Holder, now: datetime) -> LoginAnswer | OperationError:
    """The presented token is this holder's: the operation is bound to the holder, and has succeeded.

    Nobody is signed in by it. Raises OperationNotFound, OperationExpired, OperationState.
    """
    operation = locked(operation_id)
    if is_late(operation, now):
        expire(operation, now)
        return OperationExpired(operation.state)
    if operation.state != State.SUCCEEDED:  # the same token, checked twice at once, is accepted once
        apply(operation, Deed.LOGIN, State.SUCCEEDED, now)
        operation.holder = holder
        operation.save(update_fields=["state", "code", "closed_at", "holder"])
        audit(Event.LOGIN_TOKEN_ACCEPTED, operation, now, paired=operation.paired)
    return _answer(operation)


def refuse(operation_id: str, code: str, now: datetime) -> LoginRefused:
    """The presented token was not accepted: the operation has failed, and the pages say why.

    Returns what is to be raised. Raises OperationNotFound.
    """
    return LoginRefused(code, opening.fail(operation_id, Deed.LOGIN, Event.LOGIN_TOKEN_REFUSED, code, now))


def _answer(operation: Operation) -> LoginAnswer:
    """Behind a link the browser itself carries the secret; behind a typed code a person carries a number."""
    if operation.paired:
        return LoginAnswer(operation.state, None, None, bearers.confirmation(operation))
    address = f"{settings.KILITCOZ_ORIGIN}/donus/{operation.pk}"
    return LoginAnswer(operation.state, bearers.completion(operation), address, None)
