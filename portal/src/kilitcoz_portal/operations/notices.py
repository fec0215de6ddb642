"""Telling holders that a card's PIN was changed: after the commit, and never in the way of the answer (R8).

A notice is taken by one sender at a time; what no gateway accepted stays due, and `kilitcoz sweep` tries
again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import Q

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.operations.access import audit, locked, one_transaction
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.sms import texts
from kilitcoz_portal.sms.errors import SmsError

log = structlog.get_logger(__name__)

TRIED_FOR = timedelta(days=2)
TRY_EVERY = timedelta(minutes=1)


def send(operation_id: str, now: datetime) -> bool:
    """Send the notice of a succeeded operation if it is due; whether the gateway accepted it."""
    operation = _take(operation_id, now)
    if operation is None:
        return False
    card = operation.card
    text = texts.unlocked_notice(
        card_last_four=(card.serial or card.card_id)[-4:],
        at=operation.closed_at or now,
        language=operation.language,
    )
    try:
        sms.send(operation.holder.phone, text, purpose="notice", now=now)
    except SmsError as error:
        log.warning("notice-not-sent", operation_id=operation_id, code=error.code)
        return False
    _sent(operation_id, now)
    return True


def send_all_due(now: datetime) -> int:
    """Every notice of the last two days that is still due; how many were accepted."""
    due = Operation.objects.filter(state=State.SUCCEEDED, noticed_at=None, closed_at__gt=now - TRIED_FOR)
    return sum(send(operation_id, now) for operation_id in list(due.values_list("pk", flat=True)))


def _take(operation_id: str, now: datetime) -> Operation | None:
    """For one sender to send: None where it was sent, or another sender took it less than a minute ago."""
    due = Operation.objects.filter(pk=operation_id, state=State.SUCCEEDED, noticed_at=None)
    free = Q(notice_tried_at=None) | Q(notice_tried_at__lt=now - TRY_EVERY)
    if not due.filter(free).update(notice_tried_at=now):
        return None
    return Operation.objects.select_related("card", "holder").get(pk=operation_id)


@one_transaction
def _sent(operation_id: str, now: datetime) -> None:
    operation = locked(operation_id)
    operation.noticed_at = now
    operation.save(update_fields=["noticed_at"])
    audit(Event.NOTICE_SENT, operation, now)
