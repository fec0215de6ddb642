"""Reading events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.models import AuditEvent


def happened_since(event: Event, since: datetime, *, what: str) -> bool:
    """Whether such an event, with this `what` in its detail, was written after `since`."""
    return AuditEvent.objects.filter(at__gt=since, event=event, detail__what=what).exists()


def events_of(
    holder_id: int, wanted: Collection[str], count: int, before: int | None = None
) -> list[AuditEvent]:
    """The holder's newest events of these kinds, newest first; with `before`, those older than that one."""
    events = AuditEvent.objects.filter(holder_id=holder_id, event__in=wanted).order_by("-id")
    return list((events.filter(id__lt=before) if before is not None else events)[:count])
