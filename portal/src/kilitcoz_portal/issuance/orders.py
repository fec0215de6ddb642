"""What the desk is to do next with the card in its reader, by where the card's job stands (D6).

Intents are written here, inside the caller's transaction; secrets are sealed into the order after its commit.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from kilitcoz_cards.families.piv_personalise import Certified, DeskCard
from kilitcoz_cards.messages import KeyAlgorithm
from kilitcoz_cards.messages.desk import DeskOrder, DeskStep
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.issuance import keys, queries
from kilitcoz_portal.issuance.models import Batch, Job, OfferedNumber, State
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.vault import management, receipts
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.queries import look

SEALED_LATER = b"\x00"  # in place of what is sealed into an order after the commit


@dataclass(frozen=True)
class Planned:
    """An order without its secrets. `seals`: of which card."""

    order: DeskOrder
    card_ref: str = ""


def simple(batch: Batch, turn: int, step: DeskStep, code: str | None = None) -> DeskOrder:
    """An order about no card of the batch; it names whose card comes next."""
    jobs = queries.jobs(batch)
    waiting = next((each for each in jobs if each.state == State.WAITING), None)
    return _about(waiting, DeskOrder(turn, step, *_progress(jobs), code=code))


def number(batch: Batch, turn: int, now: datetime) -> DeskOrder:
    """The blank card gets a GUID that nobody has: no number is given out twice, because nobody knows which
    card it reached.
    """
    guid = secrets.token_hex(16)
    OfferedNumber.objects.create(card_id=guid, offered_at=now)
    jobs = queries.jobs(batch)
    waiting = next(each for each in jobs if each.state == State.WAITING)
    return _about(waiting, DeskOrder(turn, DeskStep.NUMBER, *_progress(jobs), guid=guid))


def look_again(job: Job, turn: int) -> DeskOrder:
    """The same card, once more."""
    return _about(job, DeskOrder(turn, DeskStep.LOOK, *_progress(queries.jobs(job.batch))))


def of_job(job: Job, operation: Operation, seen: DeskCard, turn: int, now: datetime) -> Planned:
    """The next step with this job's card. Raises what vault.arm raises."""
    blank = look_again(job, turn)
    match State(job.state):
        case State.BOUND:
            wanted = dict.fromkeys(keys.WANTED, keys.algorithm())
            return Planned(replace(blank, step=DeskStep.KEYS, algorithms=wanted))
        case State.CERTIFIED:
            return Planned(_write(job, blank), job.bound_card.ref)
        case State.WRITTEN:
            return _lock(job, operation, seen, blank, now)
        case State.DONE:
            return Planned(replace(blank, step=DeskStep.CARD_DONE))
        case _:
            return Planned(blank)


def _write(job: Job, blank: DeskOrder) -> DeskOrder:
    """Its certificates; the management key is sealed into it later."""
    certified = {
        each.slot: Certified(
            KeyAlgorithm(each.algorithm), bytes(each.public_key), bytes(each.certificate.der)
        )
        for each in queries.keys(job)
        if each.certificate is not None
    }
    return replace(
        blank,
        step=DeskStep.WRITE,
        certified=certified,
        card_auth_key=certified[keys.CARD_KEY].public_key,
        management_key=SEALED_LATER,
    )


def _lock(job: Job, operation: Operation, seen: DeskCard, blank: DeskOrder, now: datetime) -> Planned:
    """The vault's intent: factory PUK → a new one, as in every unlock. The batch stands for the holder's
    word; the vault checks its receipt all the same.
    """
    card_ref = job.bound_card.ref
    tries = 0 if seen.puk.blocked else seen.puk.retries_left
    answer = vault.arm(
        vault.Request(
            card_ref=card_ref,
            operation_id=operation.pk,
            receipt=receipts.issue(operation.pk, card_ref, now),
            puk_retries_left=tries,
            recipient=bytes(operation.agent_key or b""),
            seen_sequence=look(card_ref, tries, now).sequence,
            fence_seen=job.fence,
        ),
        now,
    )
    if isinstance(answer, vault.Refused):
        record(
            Event.VAULT_ALARM if answer.alarm else Event.RELEASE_REFUSED,
            now=now,
            holder_id=job.holder_id,
            card_id=job.card_id,
            operation_id=operation.pk,
            detail={"code": answer.code},
        )
        return Planned(replace(blank, step=DeskStep.REFUSED, code=answer.code))
    job.fence = answer.fence
    job.save(update_fields=["fence"])
    card_key = bytes(job.bound_card.card_auth_key or b"")
    order = replace(
        blank, step=DeskStep.LOCK, card_auth_key=card_key, fence=answer.fence, release=SEALED_LATER
    )
    return Planned(order, card_ref)


def sealed(planned: Planned, operation: Operation) -> DeskOrder:
    """The order with what only the card service may read; after the commit (R8)."""
    order, recipient = planned.order, bytes(operation.agent_key or b"")
    if order.step is DeskStep.WRITE:
        key = management.seal(planned.card_ref, operation.pk, recipient, operation.nonce)
        return replace(order, management_key=key)
    if order.step is DeskStep.LOCK:
        assert order.fence is not None
        release = vault.seal_release(planned.card_ref, operation.pk, order.fence, operation.nonce)
        return replace(order, release=release)
    return order


def _about(job: Job | None, order: DeskOrder) -> DeskOrder:
    if job is None:
        return order
    return replace(
        order,
        person=job.holder.name,
        application=job.application.number if job.application is not None else None,
        last_four=job.last_four or None,
    )


def _progress(jobs: list[Job]) -> tuple[int, int]:
    """How many cards the batch is about, and how many of them are done."""
    wanted = [each for each in jobs if each.state != State.CANCELLED]
    return len(wanted), sum(each.state == State.DONE for each in wanted)
