"""The 24 hours from a request to what the world sees (EN 319 411-1, 6.2.4): an alarm at half of them, and one
when they are over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import Detail, record
from kilitcoz_portal.certificates.models import Proposal, StatusOrder

LIMIT = timedelta(hours=24)
ALARMS = (LIMIT / 2, LIMIT)


def watch(now: datetime) -> int:
    """Write down each request that is late, once per alarm; how many alarms were raised.

    Late is an order that the authority has not done, and a deed that no second operator has approved.
    """
    raised = 0
    for count, age in enumerate(ALARMS, start=1):
        orders = StatusOrder.objects.filter(done_at=None, asked_at__lte=now - age, alarmed__lt=count)
        raised += sum(_order_late(each, age, now) for each in orders)
        asked = Proposal.objects.filter(approved_at=None, asked_at__lte=now - age, alarmed__lt=count)
        raised += sum(_proposal_late(each, age, now) for each in asked)
    return raised


def _order_late(order: StatusOrder, age: timedelta, now: datetime) -> bool:
    marked = StatusOrder.objects.filter(pk=order.pk, alarmed=order.alarmed).update(alarmed=F("alarmed") + 1)
    if marked:
        detail: Detail = {"serials": " ".join(order.serial_numbers), "what": "order", "hours": _hours(age)}
        record(Event.CERTIFICATE_LATE, now=now, card_id=order.card_id, detail=detail)
    return bool(marked)


def _proposal_late(asked: Proposal, age: timedelta, now: datetime) -> bool:
    marked = Proposal.objects.filter(pk=asked.pk, alarmed=asked.alarmed).update(alarmed=F("alarmed") + 1)
    if marked:
        detail: Detail = {"serials": " ".join(asked.serial_numbers), "what": "proposal", "hours": _hours(age)}
        record(Event.CERTIFICATE_LATE, now=now, card_id=asked.card_id, detail=detail)
    return bool(marked)


def _hours(age: timedelta) -> int:
    return int(age.total_seconds() // 3600)
