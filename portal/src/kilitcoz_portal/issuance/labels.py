"""Labels to print for a batch's cards: whose card, its last four, the application's number. No secret."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from kilitcoz_portal.documents.pdf import Value, render
from kilitcoz_portal.issuance import queries
from kilitcoz_portal.issuance.errors import NothingMade
from kilitcoz_portal.issuance.models import Batch, Job, State

TEMPLATE = Path(__file__).with_name("labels.typ")


def pdf(batch: Batch, now: datetime) -> bytes:
    """One label for each card that is made, in the batch's order. Raises NothingMade, DocumentError."""
    made = [job for job in queries.jobs(batch) if job.state == State.DONE]
    if not made:
        raise NothingMade
    values: dict[str, Value] = {
        "title": f"Kart etiketleri – parti {batch.pk}",
        "organisation": settings.KILITCOZ_ORGANISATION,
        "words": {"card": "Kart", "application": "Başvuru", "place": "Sıra"},
        "labels": [_label(job) for job in made],
    }
    return render(TEMPLATE, values, now=now)


def _label(job: Job) -> Value:
    return {
        "name": job.holder.name,
        "card": f"…{job.last_four}",
        "application": job.application.number if job.application is not None else "",
        "place": job.place,
    }
