"""Which cards may be renewed now, and what became of one that was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations.errors import OperationError
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.renewal import policy
from kilitcoz_portal.renewal.models import RenewalKey


@dataclass(frozen=True)
class Renewed:
    """An old certificate and the one that takes its place."""

    old: Certificate
    new: Certificate


def due_cards(holder_id: int, now: datetime) -> list[Card]:
    """The holder's cards whose certificates may be renewed at home now."""
    return [card for card in holders.cards_of(holder_id) if refusal(card, now) is None]


def refusal(card: Card, now: datetime) -> OperationError | None:
    """Why this card's certificates are not renewed now."""
    try:
        policy.require(card, now)
    except OperationError as reason:
        return reason
    return None


def renewed_by(operation_id: str) -> list[Renewed]:
    """What this operation, and those that it went on with, have renewed."""
    operation = Operation.objects.select_related("card").get(pk=operation_id)
    rows = RenewalKey.objects.filter(card=operation.enrolled_card, written_at=operation.closed_at)
    found = rows.select_related("certificate", "replaces").order_by("-slot")
    return [Renewed(row.replaces, row.certificate) for row in found if row.certificate is not None]
