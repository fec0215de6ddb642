"""The card service at the desk: its claim, and its reports, each answered by the next order (D3–D6).

A report is three steps: what became of the last order is written down; certificates are made for keys that
have none; the next order's intent is written, and after that commit its secrets are sealed. Cut anywhere, the
next report goes on from there.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kilitcoz_cards.families.piv_personalise import DeskCard
from kilitcoz_cards.messages import Label, Sealed
from kilitcoz_cards.messages.desk import DeskClaim, DeskDecision, DeskReport, DeskStep
from kilitcoz_portal.ca.errors import CaError
from kilitcoz_portal.certificates.errors import CertificateError
from kilitcoz_portal.issuance import keys, orders, outcomes, queries
from kilitcoz_portal.issuance.errors import BatchNotFound, BatchOver
from kilitcoz_portal.issuance.models import Batch, Job, State
from kilitcoz_portal.issuance.orders import Planned
from kilitcoz_portal.issuance.taking import Taken, take, turn_away
from kilitcoz_portal.operations import alarms, bearers, capability, desks, sealing
from kilitcoz_portal.operations.access import one_transaction
from kilitcoz_portal.operations.errors import OperationError, OperationState
from kilitcoz_portal.operations.models import Operation


def claim(operation_id: str, bearer: str, body: Sealed, now: datetime) -> Sealed:
    """D3 → D4. The first claim binds the operation to the card service's one-time key.

    Raises CapabilityRefused, MessageMalformed, OperationNotFound, OperationExpired, OperationState,
    ClaimedElsewhere, BatchOver.
    """
    shown = capability.check(bearer, operation_id, now)
    said = sealing.open_message(DeskClaim, Label.CLAIM, body.sealed, operation_id, shown.nonce)
    operation = one_transaction(desks.claim)(shown, said.agent_key, said.agent_version, now)
    batch = Batch.objects.filter(operation=operation).first()
    if batch is None or not queries.open_jobs(batch):
        raise BatchOver
    jobs = [job for job in queries.jobs(batch) if job.state != State.CANCELLED]
    done = sum(job.state == State.DONE for job in jobs)
    decision = DeskDecision(bearers.session(operation), str(batch.pk), len(jobs), done)
    return Sealed(sealing.seal_decision(decision, said.agent_key, operation_id, shown.nonce))


def report(operation_id: str, bearer: str, body: Sealed, now: datetime) -> Sealed:
    """D5 → D6. Told again after a lost answer, it does nothing twice.

    Raises MessageMalformed, OperationNotFound, OperationExpired, OperationState (also of a turn that is
    over), IssuanceError, ReleaseRefused (the vault's rows do not authenticate).
    """
    with alarms.on_vault_errors(operation_id, now):
        operation, said, job = _heard(operation_id, bearer, body, now)
        problem = _certify(job, now)
        planned = _planned(operation.pk, said, problem, now)
        order = orders.sealed(planned, operation)
    sealed = sealing.seal(
        order, Label.ORDER, bytes(operation.agent_key or b""), operation.pk, operation.nonce
    )
    return Sealed(sealed)


@one_transaction
def _heard(
    operation_id: str, bearer: str, body: Sealed, now: datetime
) -> tuple[Operation, DeskReport, Job | None] | OperationError:
    operation = desks.heard(operation_id, bearer, now)
    if isinstance(operation, OperationError):
        return operation
    said = sealing.open_message(DeskReport, Label.DESK, body.sealed, operation_id, operation.nonce)
    batch = _batch(operation)
    if said.turn < batch.turn:
        return OperationState(operation.state)
    batch.turn = said.turn
    batch.save(update_fields=["turn"])
    job = take(batch, operation, said.card, now).job if said.card is not None else None
    if job is not None:
        outcomes.take(job, operation, said, now)
    return operation, said, job


def _certify(job: Job | None, now: datetime) -> str | None:
    """Certificates for keys that have none; the code of what stands in the way."""
    if job is None or job.state != State.KEYED:
        return None
    try:
        keys.certify(job, now)
    except (CaError, CertificateError) as fault:
        return fault.code
    return None


@transaction.atomic(durable=True)
def _planned(operation_id: str, said: DeskReport, problem: str | None, now: datetime) -> Planned:
    operation = Operation.objects.select_for_update().get(pk=operation_id)
    batch = _batch(operation)
    if not queries.open_jobs(batch) and said.card is None:
        return Planned(orders.simple(batch, said.turn, DeskStep.FINISHED))
    if said.card is None:
        return Planned(orders.simple(batch, said.turn, DeskStep.INSERT))
    if problem is not None:
        return Planned(orders.simple(batch, said.turn, DeskStep.REFUSED, problem))
    taken = take(batch, operation, said.card, now)
    return _with_card(batch, operation, taken, said, said.card, now)


def _with_card(
    batch: Batch, operation: Operation, taken: Taken, said: DeskReport, seen: DeskCard, now: datetime
) -> Planned:
    if taken.refusal is not None:
        turn_away(batch, operation, seen, taken.refusal, now)
        return Planned(orders.simple(batch, said.turn, DeskStep.REFUSED, taken.refusal))
    if taken.job is None:
        return Planned(orders.number(batch, said.turn, now))
    if said.result is not None and taken.job.state == State.WRITTEN:
        return Planned(orders.look_again(taken.job, said.turn))  # its counters are older than that (R6)
    return orders.of_job(taken.job, operation, seen, said.turn, now)


def _batch(operation: Operation) -> Batch:
    batch = Batch.objects.select_for_update().filter(operation=operation).first()
    if batch is None:
        raise BatchNotFound
    return batch
