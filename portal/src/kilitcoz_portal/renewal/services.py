"""A renewal at home, call by call (docs/renewal-protocol.md, R2–R7).

Rules kept here: where a renewal stands is in RenewalKey, not in an operation, so that the next one goes on
where one ended; a wish for a certificate is written down before the authority is asked; the new certificates
are opened in the transaction that takes the card service's word that they are on the card.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kilitcoz_cards.identity import certificate_hash
from kilitcoz_cards.messages import (
    KeyWanted,
    MadeKey,
    MadeKeys,
    ManagementAnswer,
    ManagementChallenge,
    NewCertificates,
    OperationKind,
    RenewalPlan,
    ResultAnswer,
    WrittenCertificates,
    new_key_message,
)
from kilitcoz_portal import durability
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.ca.errors import CaError
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import issuing
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.errors import CertificateError
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.holders import services as holders
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.notices.services import About
from kilitcoz_portal.operations import alarms, attempts, renewals, results
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.access import audit, one_transaction
from kilitcoz_portal.operations.errors import OperationError, OperationState
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.models import State as OperationStands
from kilitcoz_portal.renewal import policy, proofs
from kilitcoz_portal.renewal.errors import AuthorityRefused, KeyUnproved, TooManyAnswers
from kilitcoz_portal.renewal.models import RenewalKey
from kilitcoz_portal.vault import management

ANSWERS = 8  # of the management key in one operation: two each run, and a few that were cut off


def start(
    holder: Holder, card: Card, browser: str, language: str, now: datetime, *, beyond_phone: bool = False
) -> Operation:
    """A new renewal of this card's certificates, or the same browser's open one. Raises what policy.require
    and operations.services.start raise.
    """
    if card.holder_id == holder.pk:  # of another's, no more is told than "not found" (A40)
        policy.require(card, now)
    kind = OperationKind.RENEW
    return operations.start(holder, card, kind, browser, language, now, beyond_phone=beyond_phone)


@one_transaction
def plan(operation_id: str, bearer: str, now: datetime) -> RenewalPlan | OperationError:
    """R2: a key for each certificate that is to be renewed; what an earlier run made is named."""
    operation = _at_work(operation_id, bearer, now)
    if isinstance(operation, OperationError):
        return operation
    card = operation.enrolled_card
    waiting = {row.slot: bytes(row.public_key) for row in _open_keys(card)}
    wanted = policy.require(card, now)
    return RenewalPlan(
        tuple(
            KeyWanted(each.slot, proofs.algorithm_in(bytes(each.der)), waiting.get(each.slot))
            for each in wanted
        )
    )


def cryptogram(operation_id: str, bearer: str, asked: ManagementChallenge, now: datetime) -> ManagementAnswer:
    """R3 → R4: the card's challenge, answered by the vault, a few times in one operation."""
    with alarms.on_vault_errors(operation_id, now):
        return _cryptogram(operation_id, bearer, asked, now)


@one_transaction
def _cryptogram(
    operation_id: str, bearer: str, asked: ManagementChallenge, now: datetime
) -> ManagementAnswer | OperationError:
    operation = _at_work(operation_id, bearer, now)
    if isinstance(operation, OperationError):
        return operation
    given = attempts.locked(f"renew:{operation.pk}", now)
    if given.count >= ANSWERS:
        return TooManyAnswers(operation.state)
    attempts.count(given)
    audit(Event.MANAGEMENT_KEY_USED, operation, now)
    ref, receipt = operation.enrolled_card.ref, operation.receipt
    return ManagementAnswer(
        management.cryptogram(ref, operation.pk, receipt, asked.algorithm, asked.challenge, now)
    )


def keys(operation_id: str, bearer: str, made: MadeKeys, now: datetime) -> NewCertificates:
    """R5 → R6: certificates for keys that proved themselves; asked again, the same ones.

    Raises KeyUnproved, AuthorityRefused (ask again, or go on in another operation), and what at_work raises.
    """
    rows = _keep(operation_id, bearer, made, now)
    try:
        for row in rows:
            _certify(row, now)
    except (CaError, CertificateError) as refusal:
        raise AuthorityRefused(refusal.code) from None
    return NewCertificates({row.slot: _der(row) for row in rows})


@one_transaction
def _keep(operation_id: str, bearer: str, made: MadeKeys, now: datetime) -> list[RenewalKey] | OperationError:
    operation = _at_work(operation_id, bearer, now)
    if isinstance(operation, OperationError):
        return operation
    wanted = {each.slot: each for each in policy.require(operation.enrolled_card, now)}
    if {key.slot for key in made.keys} != set(wanted):
        raise KeyUnproved(operation.state)
    return [_kept(operation, key, wanted[key.slot], now) for key in made.keys]


def _kept(operation: Operation, key: MadeKey, old: Certificate, now: datetime) -> RenewalKey:
    """The row of this key; one of another key in the same slot is forgotten, for that key is gone."""
    message = new_key_message(operation.pk, operation.nonce, key.slot)
    wanted = proofs.algorithm_in(bytes(old.der))
    if key.algorithm is not wanted or not proofs.proves(key.public_key, wanted, message, key.signature):
        raise KeyUnproved(operation.state)
    card = operation.enrolled_card
    row = RenewalKey.objects.filter(card=card, slot=key.slot, written_at=None).first()
    if row is not None and bytes(row.public_key) == key.public_key:
        return row
    if row is not None:
        row.delete()
    return RenewalKey.objects.create(
        operation=operation,
        card=card,
        slot=key.slot,
        algorithm=key.algorithm,
        public_key=key.public_key,
        replaces=old,
        request_id=certificates.request_id(),
        made_at=now,
    )


def _certify(row: RenewalKey, now: datetime) -> None:
    """Opens its own transaction: the authority may be far away."""
    if row.certificate is not None:
        return
    old = row.replaces
    production = Production(
        card=row.card,
        slot=row.slot,
        profile=ProfileName(old.profile),
        public_key=bytes(row.public_key),
        request_id=row.request_id,
        institution=old.institution,
        replaces=old,
    )
    row.certificate = issuing.produce(production, HOLDER, now)
    row.save(update_fields=["certificate"])


def written(operation_id: str, bearer: str, told: WrittenCertificates, now: datetime) -> ResultAnswer:
    """R7: they are on the card: opened, and the operation has succeeded. Told again, the same answer.

    Raises OperationState where these are not the certificates that were given, AuthorityRefused.
    """
    answer = _written(operation_id, bearer, told, now)
    durability.on_disk()
    return answer


@one_transaction
def _written(
    operation_id: str, bearer: str, told: WrittenCertificates, now: datetime
) -> ResultAnswer | OperationError:
    operation = renewals.at_work(operation_id, bearer, now)
    if isinstance(operation, OperationError):
        return operation
    if operation.state != OperationStands.SUCCEEDED:
        rows = list(_open_keys(operation.enrolled_card))
        given = {row.slot: certificate_hash(_der(row)) for row in rows if row.certificate is not None}
        if not rows or len(given) != len(rows) or given != dict(told.certificates):
            return OperationState(operation.state)
        _finish(operation, rows, now)
    return results.answer_of(operation)


def _finish(operation: Operation, rows: list[RenewalKey], now: datetime) -> None:
    for row in rows:
        holders.replace_certificate(row.card, row.slot, _der(row))
        row.written_at = now
        row.save(update_fields=["written_at"])
    about = About(operation_id=operation.pk, language=operation.language)
    new = [row.certificate for row in rows if row.certificate is not None]
    try:
        with transaction.atomic():
            waiting = [each for each in new if each.state == State.PRODUCED]
            if waiting:
                certificates.hand_over(waiting, HOLDER, now)
            certificates.open_for_use(new, now, about)
    except (CaError, CertificateError) as refusal:
        raise AuthorityRefused(refusal.code) from None
    renewals.succeed(operation, now)


def _at_work(operation_id: str, bearer: str, now: datetime) -> Operation | OperationError:
    """Not one that has succeeded: nothing more is to be done by it."""
    operation = renewals.at_work(operation_id, bearer, now)
    if isinstance(operation, Operation) and operation.state == OperationStands.SUCCEEDED:
        return OperationState(operation.state)
    return operation


def _open_keys(card: Card) -> list[RenewalKey]:
    rows = RenewalKey.objects.filter(card=card, written_at=None).select_related(
        "certificate", "replaces", "card"
    )
    return list(rows.order_by("pk"))


def _der(row: RenewalKey) -> bytes:
    assert row.certificate is not None
    return bytes(row.certificate.der)
