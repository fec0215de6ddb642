"""What the registrar does at the keyboard: open a batch, open the desk for it, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from kilitcoz_cards.messages.desk import MAX_CARDS
from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import registrar
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.issuance import queries
from kilitcoz_portal.issuance.errors import ApplicationInHand, BatchEmpty, BatchNotFound, BatchOver
from kilitcoz_portal.issuance.models import Batch, Job, State
from kilitcoz_portal.issuance.states import OVER, Deed, apply
from kilitcoz_portal.operations import desks
from kilitcoz_portal.operations.desks import Doors


@dataclass(frozen=True)
class Wanted:
    """A card for a holder, by their application; without one where an installation has none of its own."""

    holder: Holder
    application: Application | None = None


@dataclass(frozen=True)
class Desk:
    """A batch, and how the card service at the desk comes to it: once, within ten minutes."""

    batch: Batch
    doors: Doors = field(repr=False)


@transaction.atomic
def open_batch(wanted: Sequence[Wanted], by: str, now: datetime) -> Batch:
    """A card for each, in this order. Raises BatchEmpty, ApplicationInHand."""
    if not 0 < len(wanted) <= MAX_CARDS:
        raise BatchEmpty
    in_hand = Job.objects.exclude(state=State.CANCELLED).filter(
        application__in=[each.application for each in wanted if each.application is not None]
    )
    if in_hand.exists():
        raise ApplicationInHand
    batch = Batch.objects.create(opened_by=by, opened_at=now)
    Job.objects.bulk_create(
        Job(
            batch=batch,
            place=place,
            holder=each.holder,
            application=each.application,
            state=State.WAITING,
        )
        for place, each in enumerate(wanted, 1)
    )
    record(Event.BATCH_OPENED, now=now, detail={"batch": batch.pk, "cards": len(wanted), "by": by})
    return batch


def waiting(ready: Sequence[Application], *, all_of_them: bool = False) -> list[Wanted]:
    """A card for each of these applications that no other batch has in hand; `all_of_them`: those too, so
    that open_batch says so.
    """
    in_hand = set(Job.objects.exclude(state=State.CANCELLED).values_list("application_id", flat=True))
    chosen = [each for each in ready if all_of_them or each.pk not in in_hand]
    return [Wanted(each.holder, each) for each in chosen if each.holder is not None]


def open_desk(batch_id: int, by: str, language: str, now: datetime) -> Desk:
    """A new operation for the batch; one that was open before is over. Raises BatchNotFound, BatchOver."""
    with transaction.atomic():
        batch = _locked(batch_id)
        if not queries.open_jobs(batch):
            raise BatchOver
        if batch.operation_id is not None:
            desks.close(batch.operation_id, now)
        operation, browser = desks.start(language, now)
        batch.operation, batch.turn = operation, 0
        batch.save(update_fields=["operation", "turn"])
        record(Event.DESK_OPENED, now=now, operation_id=operation.pk, detail={"batch": batch.pk, "by": by})
    return Desk(batch, desks.doors(operation.pk, browser, now))


@transaction.atomic
def cancel(batch_id: int, place: int | None, by: str, now: datetime) -> int:
    """One card of the batch, or all that are not made; how many. Certificates made for them are revoked.

    What is on a half-made card stays there, and its secrets in the vault. Raises BatchNotFound, BatchOver.
    """
    batch = _locked(batch_id)
    jobs = [job for job in queries.jobs(batch) if place in {None, job.place}]
    if not jobs:
        raise BatchNotFound
    open_jobs = [job for job in jobs if State(job.state) not in OVER]
    if not open_jobs:
        raise BatchOver
    for job in open_jobs:
        _cancel(job, by, now)
    close_when_over(batch, now)
    return len(open_jobs)


def close_when_over(batch: Batch, now: datetime) -> bool:
    """Inside the caller's transaction: a batch with nothing left to do is closed, and so is its desk."""
    if queries.open_jobs(batch):
        return False
    if batch.closed_at is None:
        batch.closed_at = now
        batch.save(update_fields=["closed_at"])
    return True


def _cancel(job: Job, by: str, now: datetime) -> None:
    made = [each.certificate for each in queries.keys(job) if each.certificate is not None]
    if made:
        certificates.revoke(made, registrar(by), Reason.NOT_NEEDED, now)
    apply(job, Deed.CANCEL)
    job.finished_at = now
    job.save(update_fields=["state", "finished_at"])
    record(
        Event.CARD_MAKING_CANCELLED,
        now=now,
        holder_id=job.holder_id,
        card_id=job.card_id,
        detail={"batch": job.batch_id, "place": job.place, "by": by},
    )


def _locked(batch_id: int) -> Batch:
    found = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if found is None:
        raise BatchNotFound
    return found
