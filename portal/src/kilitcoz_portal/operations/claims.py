"""`claim`: a card service says what card it sees (M3) and learns what the portal makes of it (M4)."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_cards.families import BY_NAME
from kilitcoz_cards.messages import (
    Capability,
    CardDecision,
    Claim,
    Decision,
    Identification,
    Label,
    OperationKind,
    Sealed,
)
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.operations import (
    alarms,
    bearers,
    capability,
    identity,
    login_tokens,
    sealing,
    signatures,
)
from kilitcoz_portal.operations.access import audit, claim_refusal, is_late, locked, one_transaction
from kilitcoz_portal.operations.errors import OperationError
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.operations.states import Deed, apply
from kilitcoz_portal.vault.queries import look
from kilitcoz_portal.vault.states import SecretState

RELEASABLE = frozenset({CardDecision.PROCEED, CardDecision.NOT_BLOCKED})
_OF_REFUSAL = {
    SecretState.MANUAL: CardDecision.MANUAL,
    SecretState.PUK_BLOCKED: CardDecision.PUK_EXHAUSTED,
}


def claim(operation_id: str, bearer: str, body: Sealed, now: datetime, address: str = "") -> Sealed:
    """The first claim binds the operation to the card service's one-time key; the same key may claim again
    until something is released. `address`: from where it was asked, which only a login tells.

    Raises CapabilityRefused, MessageMalformed, OperationNotFound, OperationExpired, OperationState,
    ClaimedElsewhere.
    """
    shown = capability.check(bearer, operation_id, now)
    if shown.kind is OperationKind.LOGIN:
        return login_tokens.claim(shown, body, now, address)
    if shown.kind is OperationKind.SIGN:
        return signatures.claim(shown, body, now)
    said = sealing.open_message(Claim, Label.CLAIM, body.sealed, operation_id, shown.nonce)
    with alarms.on_vault_errors(operation_id, now):
        decision = _record(shown, said, now)
    return Sealed(sealing.seal_decision(decision, said.agent_key, operation_id, shown.nonce))


@one_transaction
def _record(shown: Capability, said: Claim, now: datetime) -> Decision | OperationError:
    operation = locked(shown.op)
    if is_late(operation, now):
        expire(operation, now)
    refusal = claim_refusal(operation, said.agent_key)
    if refusal is not None:
        audit(Event.CLAIM_REFUSED, operation, now, code=refusal.code)
        return refusal
    enrolled = dict(operation.enrolled_card.certificates.values_list("slot", "sha256"))
    if operation.agent_key is None:
        operation.agent_key = said.agent_key
        audit(Event.CLAIMED, operation, now, agent_version=said.agent_version)
    decision = _decide(operation, enrolled, said.identification, now)
    target = State.IDENTIFIED if decision in RELEASABLE else State.CLAIMED
    apply(operation, Deed.CLAIM, target, now)
    operation.decision = decision
    operation.save(update_fields=["state", "agent_key", "decision", "puk_retries_left", "vault_sequence"])
    return _message(operation, decision, enrolled)


def _decide(
    operation: Operation, enrolled: dict[str, str], seen: Identification | None, now: datetime
) -> CardDecision:
    """What the card in the reader is to this operation; what was seen of the right one is kept and
    written down.
    """
    if seen is None:
        return CardDecision.NO_CARD
    reason = identity.mismatch(operation.enrolled_card, enrolled, seen, operation.pk, operation.nonce)
    if reason is not None:
        audit(Event.WRONG_CARD, operation, now, reason=reason, card_id_end=seen.card_id[-4:])
        return CardDecision.WRONG_CARD
    _remember_card(operation, seen, now)
    decision = _decide_for_the_right_card(operation, seen, now)
    proof = "9e" if operation.enrolled_card.card_auth_key is not None else "certificates"
    audit(Event.CARD_IDENTIFIED, operation, now, decision=decision, proof=proof)
    return decision


def _decide_for_the_right_card(operation: Operation, seen: Identification, now: datetime) -> CardDecision:
    if operation.kind in {OperationKind.CHANGE_PIN, OperationKind.RENEW}:
        return CardDecision.PROCEED
    vault = look(operation.enrolled_card.ref, operation.puk_retries_left, now)
    operation.vault_sequence = vault.sequence
    if seen.pin.blocked is False and operation.kind != OperationKind.ACTIVATE:
        return CardDecision.NOT_BLOCKED  # of a card that awaits its first PIN, nobody knows the old one
    return _OF_REFUSAL[vault.refusal] if vault.refusal else CardDecision.PROCEED


def _remember_card(operation: Operation, seen: Identification, now: datetime) -> None:
    """The counters as this claim read them: for the release, and for the holder's "PIN / PUK Bilgisi"."""
    operation.puk_retries_left = 0 if seen.puk.blocked else seen.puk.retries_left
    card = operation.enrolled_card
    card.pin_blocked, card.pin_retries_left = seen.pin.blocked, seen.pin.retries_left
    card.puk_blocked, card.puk_retries_left = seen.puk.blocked, seen.puk.retries_left
    card.seen_at = now
    fields = ["pin_blocked", "pin_retries_left", "puk_blocked", "puk_retries_left", "seen_at"]
    card.save(update_fields=fields)


def _message(operation: Operation, decision: CardDecision, enrolled: dict[str, str]) -> Decision:
    card = operation.enrolled_card
    family = BY_NAME[card.family]
    return Decision(
        decision=decision,
        session=bearers.session(operation),
        card_label=card.label or None,
        promise=family.promise,
        card_auth_key=bytes(card.card_auth_key) if card.card_auth_key is not None else None,
        certificates=enrolled,
        pin_rules=family.pin_rules,
    )
