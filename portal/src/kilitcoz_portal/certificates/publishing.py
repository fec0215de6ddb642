"""Telling the authority: an order is written with the deed, and carried out in its transaction where the
authority is ours; else after the commit, and again by each sweep until the authority has done it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.x509 import ReasonFlags
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.ca import choice
from kilitcoz_portal.ca.errors import CaError, CaUnavailable
from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.port import CertificateStatus
from kilitcoz_portal.certificates.models import StatusOrder
from kilitcoz_portal.holders.models import Card

LEASE = timedelta(minutes=5)  # longer than an authority may take to answer
NOT_DONE = Q(done_at=None, refused="")


def order(
    card: Card, serial_numbers: Sequence[str], wanted: CertificateStatus, asked_at: datetime
) -> StatusOrder:
    """Write down what the authority is to say, inside the deed's transaction. Raises CaError where the
    authority is ours and refuses: then the deed is not done either.
    """
    row = StatusOrder.objects.create(
        card=card,
        serial_numbers=list(serial_numbers),
        status=wanted.status,
        reason=wanted.reason.value,
        invalid_since=wanted.invalid_since,
        asked_at=asked_at,
        written_at=wanted.at,
    )
    authority = choice.authority()
    if authority.joins_transaction:
        authority.set_status(serial_numbers, wanted, wanted.at)
        row.done_at = wanted.at
        row.save(update_fields=["done_at"])
    else:
        transaction.on_commit(lambda: carry_out_of(card.pk, timezone.now()), robust=True)
    return row


def carry_out(now: datetime) -> int:
    """All orders that wait; how many are done now."""
    free = StatusOrder.objects.filter(NOT_DONE, Q(leased_until=None) | Q(leased_until__lte=now))
    cards = free.order_by().values_list("card_id", flat=True).distinct()
    return sum(carry_out_of(card_id, now) for card_id in list(cards))


def carry_out_of(card_id: int, now: datetime) -> int:
    """This card's orders, the oldest first, until one cannot be done now; how many were done."""
    done = 0
    while (row := _take(card_id, now)) is not None:
        if not _carry_out(row, now):
            break
        done += 1
    return done


def _take(card_id: int, now: datetime) -> StatusOrder | None:
    """The oldest that waits, for this worker alone; None where there is none, or another worker is at it."""
    row = StatusOrder.objects.filter(NOT_DONE, card_id=card_id).order_by("pk").first()
    if row is None:
        return None
    free = StatusOrder.objects.filter(NOT_DONE, Q(leased_until=None) | Q(leased_until__lte=now), pk=row.pk)
    taken = free.update(leased_until=now + LEASE, tries=F("tries") + 1)
    return row if taken else None


def _carry_out(row: StatusOrder, now: datetime) -> bool:
    wanted = CertificateStatus(Status(row.status), now, ReasonFlags(row.reason), row.invalid_since)
    mine = StatusOrder.objects.filter(pk=row.pk)
    try:
        choice.authority().set_status(row.serial_numbers, wanted, now)
    except CaUnavailable:
        mine.update(leased_until=None)
        return False
    except CaError as error:
        with transaction.atomic():
            mine.update(refused=error.code)
            detail = {"serials": " ".join(row.serial_numbers), "code": error.code}
            record(Event.STATUS_ORDER_REFUSED, now=now, card_id=row.card_id, detail={**detail})
        return True
    mine.update(done_at=now)
    return True
