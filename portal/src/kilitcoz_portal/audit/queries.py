"""Reading events."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.models import AuditEvent


def happened_since(event: Event, since: datetime, *, what: str) -> bool:
    """Whether such an event, with this `what` in its detail, was written after `since`."""
    return AuditEvent.objects.filter(at__gt=since, event=event, detail__what=what).exists()
