"""The operation `personalise`: a registrar's desk, open for a batch of cards (docs/issuance-protocol.md).

It knows neither holder nor card: what is made there is issuance's. It lives as long as the desk reports.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kilitcoz_cards.messages import Capability, OperationKind, b64u_encode
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.operations import opening, services
from kilitcoz_portal.operations.access import audit, claim_refusal, is_late, locked, require_session
from kilitcoz_portal.operations.errors import OperationError, OperationExpired, OperationState
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State
from kilitcoz_portal.operations.states import Deed, apply

IDLE = timedelta(hours=1)  # without a report the desk is closed


@dataclass(frozen=True)
class Doors:
    """How the card service comes to it; code and capability are good for one card service and ten minutes.
    `number`: what the local page shows too.
    """

    pairing_code: str = field(repr=False)
    capability: str = field(repr=False)
    number: str = ""


def start(language: str, now: datetime) -> tuple[Operation, str]:
    """A new operation and the secret of who began it, inside the caller's transaction."""
    began = b64u_encode(secrets.token_bytes(16))
    operation = opening.drawn_up(OperationKind.PERSONALISE, began, language, now)
    opening.saved(operation, now)
    return operation, began


def doors(operation_id: str, began: str, now: datetime) -> Doors:
    """The typed code, and the capability for the link."""
    code = services.issue_pairing_code(operation_id, began, now)
    text = services.issue_capability(operation_id, began, now)
    return Doors(code, text, Operation.objects.values_list("number", flat=True).get(pk=operation_id))


def claim(
    shown: Capability, agent_key: bytes, agent_version: str, now: datetime
) -> Operation | OperationError:
    """Bind the operation to the card service's one-time key, inside the caller's transaction."""
    operation = locked(shown.op)
    if is_late(operation, now):
        expire(operation, now)
    refusal = claim_refusal(operation, agent_key)
    if refusal is not None:
        audit(Event.CLAIM_REFUSED, operation, now, code=refusal.code)
        return refusal
    if operation.agent_key is None:
        operation.agent_key = agent_key
        audit(Event.CLAIMED, operation, now, agent_version=agent_version)
    apply(operation, Deed.CLAIM, State.CLAIMED, now)
    operation.expires_at = now + IDLE
    operation.save(update_fields=["state", "agent_key", "expires_at"])
    return operation


def heard(operation_id: str, bearer: str, now: datetime) -> Operation | OperationError:
    """The desk reports: the operation lives on. One that was finished is given back as it is, so that a
    repeated report is answered as before. Inside the caller's transaction.
    """
    operation = locked(operation_id)
    require_session(operation, bearer)
    if operation.kind != OperationKind.PERSONALISE:
        return OperationState(operation.state)
    if is_late(operation, now):
        expire(operation, now)
        return OperationExpired(operation.state)
    if operation.state == State.CLAIMED:
        operation.expires_at = now + IDLE
        operation.save(update_fields=["expires_at"])
    elif operation.state != State.SUCCEEDED:
        return OperationState(operation.state)
    return operation


def finish(operation: Operation, now: datetime) -> None:
    """Nothing is left to be made; inside the caller's transaction, which has locked it."""
    if operation.state == State.CLAIMED:
        apply(operation, Deed.FINISH, State.SUCCEEDED, now)
        operation.save(update_fields=["state", "code", "closed_at"])
        audit(Event.OPERATION_COMPLETED, operation, now)


def close(operation_id: str, now: datetime) -> None:
    """Another desk is opened for the same batch, or the batch is over; inside the caller's transaction."""
    operation = locked(operation_id)
    if operation.state in OPEN_STATES:
        apply(operation, Deed.CANCEL, State.CANCELLED, now)
        operation.save(update_fields=["state", "code", "closed_at"])
        audit(Event.OPERATION_CANCELLED, operation, now)
