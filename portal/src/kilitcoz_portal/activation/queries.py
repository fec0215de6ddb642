"""Which cards wait for their first PIN, and what became of one that got it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kilitcoz_portal.activation.models import OwedOpening
from kilitcoz_portal.certificates import queries as certificates
from kilitcoz_portal.certificates.models import Certificate, Change, State
from kilitcoz_portal.certificates.states import Deed
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations.models import Operation

STILL_OWED = Q(done_at=None, given_up="")


@dataclass(frozen=True)
class Receipt:
    """What the end of an operation tells. `opened_at` None: the certificates are not open; `owed`: they will
    be, without the holder; `told`: CRL and OCSP say so already; `good_until`: when the first of them ends.
    """

    opened_at: datetime | None
    good_until: datetime | None
    owed: bool
    told: bool


def waiting(card: Card) -> list[Certificate]:
    """The card's certificates that a first PIN would open."""
    return certificates.of_card(card.pk, State.AWAITING_ACTIVATION)


def begins(rows: list[Certificate]) -> datetime:
    """When the last of them begins: they are opened together."""
    return max(each.not_before for each in rows)


def cards_waiting(holder_id: int) -> list[Card]:
    """The holder's cards that wait for their first PIN."""
    return [card for card in holders.cards_of(holder_id) if waiting(card)]


def receipt(operation_id: str) -> Receipt:
    """Of an operation that succeeded."""
    operation = Operation.objects.select_related("card").get(pk=operation_id)
    owed = OwedOpening.objects.filter(operation=operation).first()
    moment = operation.closed_at if owed is None else owed.done_at
    rows = _opened(operation.enrolled_card, moment) if moment is not None else []
    return Receipt(
        opened_at=moment if rows else None,
        good_until=min((each.not_after for each in rows), default=None),
        owed=owed is not None and owed.done_at is None and not owed.given_up,
        told=bool(rows) and certificates.is_told(rows[0]),
    )


def _opened(card: Card, moment: datetime) -> list[Certificate]:
    changes = Change.objects.filter(deed=Deed.OPEN, certificate__card=card, at=moment)
    return [change.certificate for change in changes.select_related("certificate")]
