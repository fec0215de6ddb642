"""Reading batches and jobs."""

from __future__ import annotations

from kilitcoz_portal.issuance.errors import BatchNotFound
from kilitcoz_portal.issuance.models import Batch, Job, JobKey, State
from kilitcoz_portal.issuance.states import OVER


def batches(*, all_of_them: bool = False) -> list[Batch]:
    """Those that are open, or all; the oldest first."""
    rows = Batch.objects.order_by("pk")
    return list(rows if all_of_them else rows.filter(closed_at=None))


def batch(batch_id: int) -> Batch:
    """Raises BatchNotFound."""
    found = Batch.objects.filter(pk=batch_id).first()
    if found is None:
        raise BatchNotFound
    return found


def jobs(of: Batch) -> list[Job]:
    """In their order."""
    return list(of.jobs.select_related("holder", "card", "application").order_by("place"))


def open_jobs(of: Batch) -> list[Job]:
    """Those that are neither made nor cancelled, in their order."""
    return [job for job in jobs(of) if State(job.state) not in OVER]


def keys(of: Job) -> list[JobKey]:
    """In the order in which they were asked for."""
    return list(of.keys.select_related("certificate").order_by("pk"))
