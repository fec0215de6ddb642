"""Whose card is this? From what the card in the reader tells to the job it belongs to, before anything is
written to it.

A card that is somebody's, or that carries what we did not write, is never taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kilitcoz_cards.families import BY_NAME
from kilitcoz_cards.families.piv_factory import PUK
from kilitcoz_cards.families.piv_personalise import DeskCard
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders import making
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.issuance.errors import CardRefusal
from kilitcoz_portal.issuance.models import Batch, Job, OfferedNumber, State
from kilitcoz_portal.issuance.states import Deed, apply
from kilitcoz_portal.operations import identity
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.vault import management
from kilitcoz_portal.vault import services as vault


@dataclass(frozen=True)
class Taken:
    """The card's job; or `refusal`; or neither: it is blank and has to be numbered first."""

    job: Job | None = None
    refusal: CardRefusal | None = None


def take(batch: Batch, operation: Operation, seen: DeskCard, now: datetime) -> Taken:
    """Bind a numbered card that is nobody's to the next job that waits. Joins the caller's transaction."""
    if seen.family not in BY_NAME:
        return Taken(refusal=CardRefusal.NOT_BLANK)
    if seen.card_id is None:
        if not seen.is_blank:
            return Taken(refusal=CardRefusal.NOT_BLANK)
        return Taken() if _next(batch) is not None else Taken(refusal=CardRefusal.NOT_WANTED)
    card = Card.objects.filter(family=seen.family, card_id=seen.card_id).first()
    if card is not None:
        return _known(batch, operation, card, seen)
    if seen.certificates or not OfferedNumber.objects.filter(pk=seen.card_id).exists():
        return Taken(refusal=CardRefusal.NOT_BLANK)
    job = _next(batch)
    return Taken(refusal=CardRefusal.NOT_WANTED) if job is None else Taken(_bind(job, seen, operation, now))


def turn_away(
    batch: Batch, operation: Operation, seen: DeskCard, refusal: CardRefusal, now: datetime
) -> None:
    """Write down that nothing was done with this card."""
    detail = {"code": refusal.value, "batch": batch.pk, "card_id_end": (seen.card_id or "")[-4:]}
    record(Event.CARD_TURNED_AWAY, now=now, operation_id=operation.pk, detail={**detail})


def _known(batch: Batch, operation: Operation, card: Card, seen: DeskCard) -> Taken:
    """A card with an owner: only the job that began it goes on with it, and only with that very card."""
    job = (
        Job.objects.select_for_update(of=("self",))
        .select_related("holder", "card", "application")
        .filter(card=card)
        .first()
    )
    if job is None or (job.batch_id != batch.pk and not card.in_making):
        return Taken(refusal=CardRefusal.TAKEN)
    if job.batch_id != batch.pk or job.state == State.CANCELLED:
        return Taken(refusal=CardRefusal.OTHER_BATCH)
    reason = identity.mismatch(card, {}, seen.to_identification(), operation.pk, operation.nonce)
    return Taken(job) if reason is None else Taken(refusal=CardRefusal.WRONG)


def _next(batch: Batch) -> Job | None:
    """The job that the next blank card is for."""
    waiting = batch.jobs.select_for_update(of=("self",)).select_related("holder").filter(state=State.WAITING)
    return waiting.order_by("place").first()


def _bind(job: Job, seen: DeskCard, operation: Operation, now: datetime) -> Job:
    """From now on the card is the holder's, its PUK the vault's: the factory's until the vault's journal says
    another (R1).
    """
    assert seen.card_id is not None
    card = making.begin(job.holder, seen.family, seen.card_id, seen.serial or "", now)
    vault.adopt(card.ref, card.family, PUK, now)
    management.make(card.ref, now)
    apply(job, Deed.BIND)
    job.card = card
    job.save(update_fields=["state", "card"])
    OfferedNumber.objects.filter(pk=seen.card_id).delete()
    record(
        Event.CARD_TAKEN,
        now=now,
        holder_id=job.holder_id,
        card_id=card.pk,
        operation_id=operation.pk,
        detail={"batch": job.batch_id, "place": job.place},
    )
    return job
