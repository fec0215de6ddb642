"""Which holders are still to be told that a PIN was changed; the telling itself is agentapi.notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.operations.access import audit, locked, one_transaction
from kilitcoz_portal.operations.models import Operation, State

TRIED_FOR = timedelta(days=2)
TRY_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Notice:
    """What the message needs."""

    phone: str
    card_last_four: str
    at: datetime
    language: str


def take(operation_id: str, now: datetime) -> Notice | None:
    """The notice of a succeeded operation, for one sender to send: None where it was sent, or another sender
    took it less than a minute ago.
    """
    due = Operation.objects.filter(pk=operation_id, state=State.SUCCEEDED, noticed_at=None)
    free = Q(notice_tried_at=None) | Q(notice_tried_at__lt=now - TRY_EVERY)
    if not due.filter(free).update(notice_tried_at=now):
        return None
    operation = Operation.objects.select_related("card", "holder").get(pk=operation_id)
    card = operation.card
    last_four = (card.serial or card.card_id)[-4:]
    return Notice(operation.holder.phone, last_four, operation.closed_at or now, operation.language)


def all_due(now: datetime) -> list[str]:
    """Operations of the last two days whose notice was not accepted."""
    rows = Operation.objects.filter(state=State.SUCCEEDED, noticed_at=None, closed_at__gt=now - TRIED_FOR)
    return list(rows.values_list("pk", flat=True))


@one_transaction
def sent(operation_id: str, now: datetime) -> None:
    """The gateway accepted it."""
    operation = locked(operation_id)
    operation.noticed_at = now
    operation.save(update_fields=["noticed_at"])
    audit(Event.NOTICE_SENT, operation, now)
