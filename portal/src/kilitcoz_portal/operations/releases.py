"""`release`: the vault writes its intent and, after the commit, seals the candidates to the card service
(M5, M6).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from kilitcoz_cards.messages import SealedRelease
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.operations import alarms, permission
from kilitcoz_portal.operations.access import audit, is_late, locked, one_transaction, require_session
from kilitcoz_portal.operations.errors import (
    NotIdentified,
    OperationError,
    OperationExpired,
    OperationState,
    ReleaseRefused,
)
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.operations.states import BY_PUK, Deed, apply
from kilitcoz_portal.vault import services as vault


def release(operation_id: str, bearer: str, now: datetime) -> SealedRelease:
    """The candidates, sealed. Asked again after a lost answer: the same release under the same fence.

    Raises SessionRefused, OperationNotFound, OperationExpired, OperationState, NotIdentified (claim again),
    ReleaseRefused (the vault's code), and what permission.refusal says.
    """
    with alarms.on_vault_errors(operation_id, now):
        operation = _arm(operation_id, bearer, now)
        assert operation.fence is not None
        card_ref = operation.enrolled_card.ref
        sealed = vault.seal_release(card_ref, operation.pk, operation.fence, operation.nonce)
    return SealedRelease(operation.fence, sealed)


@one_transaction
def _arm(operation_id: str, bearer: str, now: datetime) -> Operation | OperationError:
    operation = locked(operation_id)
    require_session(operation, bearer)
    if is_late(operation, now) and operation.state != State.RELEASED:
        expire(operation, now)
        return OperationExpired(operation.state)
    if operation.state in {State.AUTHORISED, State.CLAIMED}:
        return NotIdentified(operation.state)
    if operation.kind not in BY_PUK or operation.state not in {State.IDENTIFIED, State.RELEASED}:
        return OperationState(operation.state)
    refused = permission.of_operation(operation, Event.RELEASE_REFUSED, now)
    if refused is not None:
        return refused
    answer = vault.arm(_request(operation), now)
    if isinstance(answer, vault.Refused):
        audit(Event.RELEASE_REFUSED, operation, now, code=answer.code)
        if answer.alarm:
            audit(Event.VAULT_ALARM, operation, now, code=answer.code)
        return ReleaseRefused(answer.code, operation.state)
    if operation.state != State.RELEASED or operation.fence != answer.fence:
        _released(operation, answer.fence, now)
    return operation


def _request(operation: Operation) -> vault.Request:
    """What the vault decides on; the highest fence we remember of this card is a witness against old rows
    (A36).
    """
    of_card = Operation.objects.filter(card=operation.enrolled_card)
    seen = of_card.aggregate(fence=Max("fence"))["fence"]
    return vault.Request(
        card_ref=operation.enrolled_card.ref,
        operation_id=operation.pk,
        receipt=operation.receipt,
        puk_retries_left=operation.puk_retries_left,
        recipient=bytes(operation.agent_key or b""),
        seen_sequence=operation.vault_sequence,
        fence_seen=seen or 0,
    )


def _released(operation: Operation, fence: int, now: datetime) -> None:
    """The operation lives as long as the release may be reported."""
    if operation.state != State.RELEASED:
        apply(operation, Deed.RELEASE, State.RELEASED, now)
    operation.fence = fence
    operation.expires_at = max(operation.expires_at, now + timedelta(seconds=vault.LEASE))
    operation.save(update_fields=["state", "fence", "expires_at"])
    audit(Event.SECRET_RELEASED, operation, now, fence=fence)
