"""A document's signature, as the card service and who ordered it see it (docs/sign-protocol.md, S1 to S6).

What is signed stands in the order before a card service asks for it. Checking a signature takes the network
(is the certificate revoked?) and is nobody's transaction: `present` takes it, who checks it says `accept` or
`refuse`.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from kilitcoz_cards import signed_attributes
from kilitcoz_cards.identity import certificate_hash
from kilitcoz_cards.messages import (
    Capability,
    CardDecision,
    DocumentSignature,
    DocumentToSign,
    Label,
    OperationKind,
    ResultAnswer,
    Sealed,
    SignClaim,
    SignDecision,
)
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations import bearers, opening, permission, sealing
from kilitcoz_portal.operations.access import (
    audit,
    claim_refusal,
    is_late,
    locked,
    of_browser,
    one_transaction,
    require_session,
)
from kilitcoz_portal.operations.errors import (
    OperationError,
    OperationExpired,
    OperationNotFound,
    OperationOpenElsewhere,
    OperationState,
    SignatureRefused,
)
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import Operation, SignatureOrder, State
from kilitcoz_portal.operations.states import Deed, apply


@dataclass(frozen=True)
class ToSign:
    """A document that awaits a signature. `subject` is what `present` gives back; `document_hash` is of the
    bytes that the signature covers; `certificate` (DER) is the signer's.
    """

    subject: str
    title: str
    document_hash: bytes
    certificate: bytes


@dataclass(frozen=True)
class Presented:
    """A signature to be checked; `before`: the answer that it was given before."""

    operation_id: str
    subject: str
    signature: bytes
    before: ResultAnswer | None = None


@dataclass(frozen=True)
class Fingerprint:
    """A document by its title and hash, in groups of four hex digits as the local page shows them.
    `algorithm`: SHA-256 or SHA-384.
    """

    title: str
    algorithm: str
    groups: tuple[str, ...]


def fingerprint(operation_id: str) -> Fingerprint:
    """Of what the operation has signed; for whoever was let through to it."""
    order = SignatureOrder.objects.get(operation_id=operation_id)
    digest = bytes(order.document_hash).hex()
    groups = tuple(digest[place : place + 4] for place in range(0, len(digest), 4))
    return Fingerprint(order.title, f"SHA-{4 * len(digest)}", groups)


@one_transaction
def start(
    holder: Holder, card: Card, to_sign: ToSign, browser: str, language: str, now: datetime
) -> Operation | OperationError:
    """A new operation, authorised at once: what proves the holder is the card's PIN. One that this browser
    left open with the card is given up.

    Raises OperationOpenElsewhere where another browser has an open operation with this card,
    OperationNotFound where the card is not the holder's, and what permission.refusal says.
    """
    if card.holder_id != holder.pk:
        return OperationNotFound()
    refused = permission.refusal(holder, OperationKind.SIGN, now, beyond_phone=True)
    if refused is not None:
        detail = {"kind": OperationKind.SIGN.value, "code": refused.code}
        record(Event.OPERATION_REFUSED, now=now, holder_id=holder.pk, card_id=card.pk, detail={**detail})
        return refused
    open_one = opening.open_with(card, now)
    if open_one is not None and (not of_browser(open_one, browser) or open_one.kind != OperationKind.SIGN):
        return OperationOpenElsewhere(open_one.state)
    if open_one is not None:
        opening.give_up(open_one, now)
    operation = opening.create(holder, card, OperationKind.SIGN, browser, language, now)
    if not of_browser(operation, browser) or operation.kind != OperationKind.SIGN:
        return OperationOpenElsewhere(operation.state)
    SignatureOrder.objects.create(
        operation=operation,
        subject=to_sign.subject,
        title=to_sign.title,
        document_hash=to_sign.document_hash,
        signed_attributes=signed_attributes.make(to_sign.document_hash, to_sign.certificate),
        certificate_sha256=certificate_hash(to_sign.certificate),
    )
    return operation


def claim(shown: Capability, body: Sealed, now: datetime) -> Sealed:
    """S3 → S4, as claims.claim, which checked the capability."""
    said = sealing.open_message(SignClaim, Label.CLAIM, body.sealed, shown.op, shown.nonce)
    decision = _claim(shown, said, now)
    return Sealed(sealing.seal_decision(decision, said.agent_key, shown.op, shown.nonce))


@one_transaction
def _claim(shown: Capability, said: SignClaim, now: datetime) -> SignDecision | OperationError:
    operation = locked(shown.op)
    if is_late(operation, now):
        expire(operation, now)
    refusal = claim_refusal(operation, said.agent_key)
    if refusal is not None:
        audit(Event.CLAIM_REFUSED, operation, now, code=refusal.code)
        return refusal
    if operation.agent_key is None:
        operation.agent_key = said.agent_key
        audit(Event.CLAIMED, operation, now, agent_version=said.agent_version)
    decision = _decide(operation.order, said.certificate)
    if decision is CardDecision.WRONG_CARD:
        audit(Event.WRONG_CARD, operation, now, reason="signature-certificate")
    proceed = decision is CardDecision.PROCEED
    apply(operation, Deed.CLAIM, State.IDENTIFIED if proceed else State.CLAIMED, now)
    operation.decision = decision
    operation.save(update_fields=["state", "agent_key", "decision"])
    document = _document(operation.order) if proceed else None
    label = operation.enrolled_card.label or None
    return SignDecision(decision, bearers.session(operation), label, document)


def _decide(order: SignatureOrder, certificate: str | None) -> CardDecision:
    if certificate is None:
        return CardDecision.NO_CARD
    same = hmac.compare_digest(certificate, order.certificate_sha256)
    return CardDecision.PROCEED if same else CardDecision.WRONG_CARD


def _document(order: SignatureOrder) -> DocumentToSign:
    return DocumentToSign(order.title, bytes(order.document_hash), bytes(order.signed_attributes))


@one_transaction
def present(operation_id: str, bearer: str, body: Sealed, now: datetime) -> Presented | OperationError:
    """The signature, taken to be checked.

    The first one is the only one: another is refused, the same may come again after a lost answer. Raises
    SessionRefused, OperationNotFound, OperationExpired, OperationState, CapabilityRefused, MessageMalformed,
    SignatureRefused (the refusal of before).
    """
    operation = locked(operation_id)
    require_session(operation, bearer)
    if is_late(operation, now):
        expire(operation, now)
        return OperationExpired(operation.state)
    if operation.kind != OperationKind.SIGN:
        return OperationState(operation.state)
    said = sealing.open_message(DocumentSignature, Label.SIGN, body.sealed, operation.pk, operation.nonce)
    order, digest = operation.order, hashlib.sha256(said.signature).digest()
    again = order.signature_hash is not None and bytes(order.signature_hash) == digest
    before = _answer(operation) if again and operation.state == State.SUCCEEDED else None
    if again and operation.state == State.FAILED:
        return SignatureRefused(operation.code, operation.state)
    if before is None and (
        operation.state != State.IDENTIFIED or (order.signature_hash is not None and not again)
    ):
        return OperationState(operation.state)
    order.signature_hash = digest
    order.save(update_fields=["signature_hash"])
    return Presented(operation.pk, order.subject, said.signature, before)


def accept(operation_id: str, now: datetime) -> ResultAnswer:
    """The presented signature is right: the operation has succeeded. Call it inside the transaction that
    keeps the signature.

    Raises OperationNotFound, OperationExpired, OperationState, HolderFrozen.
    """
    operation = locked(operation_id)
    if operation.state == State.SUCCEEDED:  # the same signature, checked twice at once, is accepted once
        return _answer(operation)
    if is_late(operation, now):
        raise OperationExpired(operation.state)
    refused = permission.refusal(operation.known_holder, operation.kind, now, beyond_phone=True)
    if refused is not None:
        raise refused
    apply(operation, Deed.SIGN, State.SUCCEEDED, now)
    operation.save(update_fields=["state", "code", "closed_at"])
    audit(Event.DOCUMENT_SIGNED, operation, now, sha=bytes(operation.order.document_hash).hex()[:16])
    return _answer(operation)


def refuse(operation_id: str, code: str, now: datetime) -> SignatureRefused:
    """The presented signature was not accepted: the operation has failed, and the pages say why.

    Returns what is to be raised. Raises OperationNotFound.
    """
    return SignatureRefused(
        code, opening.fail(operation_id, Deed.SIGN, Event.DOCUMENT_SIGNATURE_REFUSED, code, now)
    )


def _answer(operation: Operation) -> ResultAnswer:
    """The way back for the browser that began."""
    address = f"{settings.KILITCOZ_ORIGIN}/donus/{operation.pk}"
    return ResultAnswer(operation.state, bearers.completion(operation), address)
