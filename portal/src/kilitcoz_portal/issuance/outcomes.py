"""What became of the last order: keys that were made, what was written, how PUK and PIN were changed.

Each may be told twice and counts once. Everything joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kilitcoz_cards.messages import Outcome, Result
from kilitcoz_cards.messages.desk import DeskReport, Written
from kilitcoz_portal.applications import services as applications
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import registrar
from kilitcoz_portal.holders import making
from kilitcoz_portal.issuance import keys, queries, services
from kilitcoz_portal.issuance.errors import JobState
from kilitcoz_portal.issuance.models import Job, JobKey, State
from kilitcoz_portal.issuance.states import Deed, apply
from kilitcoz_portal.operations import desks
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.vault import management
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.errors import FenceStale
from kilitcoz_portal.vault.settlement import Answer
from kilitcoz_portal.vault.states import SecretState


def take(job: Job, operation: Operation, report: DeskReport, now: datetime) -> None:
    """Write down what the report tells of this card. Raises JobState, and what the vault raises."""
    if report.keys is not None:
        _take_keys(job, operation, report.keys, now)
    elif report.written is not None:
        _take_written(job, operation, report.written, now)
    elif report.result is not None:
        _take_result(job, operation, report.result, now)


def _take_keys(job: Job, operation: Operation, made: Mapping[str, bytes], now: datetime) -> None:
    """The keys on the card; kept with the wishes for their certificates, before anybody is asked for one."""
    if job.state != State.BOUND:
        _require_same(job, made)
        return
    if list(made) != list(keys.WANTED):
        raise JobState(job.state)
    algorithm = keys.algorithm()
    for slot, public_key in made.items():
        keys.check(public_key, algorithm)
        JobKey.objects.create(
            job=job,
            slot=slot,
            algorithm=algorithm,
            public_key=public_key,
            request_id=certificates.request_id(),
        )
    making.keep_card_key(job.bound_card, made[keys.CARD_KEY])
    _move(job, Deed.KEEP_KEYS)
    _record(Event.CARD_KEYS_MADE, job, operation, now)


def _require_same(job: Job, made: Mapping[str, bytes]) -> None:
    """Told again after a lost answer. Other keys than those that were certified are on no card of ours."""
    known = {each.slot: bytes(each.public_key) for each in queries.keys(job)}
    if known != dict(made):
        raise JobState(job.state)


def _take_written(job: Job, operation: Operation, written: Written, now: datetime) -> None:
    if job.state == State.CERTIFIED:
        if written.own_key:
            management.prove(job.bound_card.ref, now)
        _move(job, Deed.WRITE)
        _record(Event.CARD_WRITTEN, job, operation, now, own_key=written.own_key)
    elif job.state not in {State.WRITTEN, State.DONE}:
        raise JobState(job.state)


def _take_result(job: Job, operation: Operation, result: Result, now: datetime) -> None:
    """M7 of the last transaction: the vault settles. A stale fence changes nothing (R9)."""
    if job.state != State.WRITTEN or result.fence is None:
        return
    reading = 0 if result.puk.blocked else result.puk.retries_left
    answers = [Answer(each.command.value, each.candidate, each.sw) for each in result.events]
    try:
        settled = vault.settle(job.bound_card.ref, operation.pk, result.fence, answers, reading, now)
    except FenceStale:
        return
    known = settled.state is SecretState.KNOWN
    _record(Event.CARD_LOCKED, job, operation, now, outcome=result.outcome, secret=settled.state)
    if known and result.outcome is Outcome.PIN_SET:
        _finish(job, operation, now)


def _finish(job: Job, operation: Operation, now: datetime) -> None:
    """The card is whole: enrolled with what is on it, its certificates handed over."""
    made = {each.slot: each.certificate for each in queries.keys(job) if each.certificate is not None}
    making.finish(job.bound_card, {slot: bytes(each.der) for slot, each in made.items()}, now)
    certificates.hand_over(list(made.values()), registrar(job.batch.opened_by), now)
    if job.application is not None:
        applications.produced(job.application, job.bound_card, now, by=job.batch.opened_by)
    apply(job, Deed.FINISH)
    job.finished_at = now
    job.save(update_fields=["state", "finished_at"])
    if services.close_when_over(job.batch, now):
        desks.finish(operation, now)


def _move(job: Job, deed: Deed) -> None:
    apply(job, deed)
    job.save(update_fields=["state"])


def _record(
    event: Event, job: Job, operation: Operation, now: datetime, **detail: str | int | bool | None
) -> None:
    place: dict[str, str | int | bool | None] = {"batch": job.batch_id, "place": job.place}
    record(
        event,
        now=now,
        holder_id=job.holder_id,
        card_id=job.card_id,
        operation_id=operation.pk,
        detail=place | detail,
    )
