"""The one verb of this room. Call it inside the transaction of the deed it tells of (rule R8)."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.models import AuditEvent

Detail = dict[str, str | int | bool | None]


def record(
    event: Event,
    *,
    now: datetime,
    holder_id: int | None = None,
    card_id: int | None = None,
    operation_id: str = "",
    detail: Detail | None = None,
) -> None:
    """Append one event. `detail` holds codes, counts and last fours; never a secret, never a full id
    number.
    """
    AuditEvent.objects.create(
        at=now,
        event=event,
        holder_id=holder_id,
        card_id=card_id,
        operation_id=operation_id,
        detail=detail or {},
    )
