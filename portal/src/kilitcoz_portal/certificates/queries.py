"""Reading certificates."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.certificates.models import Certificate, Change, Proposal, State, StatusOrder
from kilitcoz_portal.certificates.publishing import NOT_DONE
from kilitcoz_portal.certificates.states import FINAL
from kilitcoz_portal.holders.models import Card


def of_holder(holder_id: int) -> list[Certificate]:
    """All of them, the newest card and certificate first."""
    rows = Certificate.objects.filter(holder_id=holder_id).select_related("card")
    return list(rows.order_by("-card_id", "-not_before", "slot"))


def of_card(card_id: int, *states: State) -> list[Certificate]:
    """This card's, in these states; without any, all that are not revoked or expired."""
    rows = Certificate.objects.filter(card_id=card_id).select_related("card", "holder").order_by("pk")
    return list(rows.filter(state__in=states) if states else rows.exclude(state__in=FINAL))


def listed(holder_id: int | None, institution: str, state: State | None) -> list[Certificate]:
    """For staff: of one holder, one institution, or everybody; of one state, or all that are not revoked or
    expired.
    """
    rows = Certificate.objects.select_related("card").order_by("card_id", "pk")
    rows = rows.filter(state=state) if state else rows.exclude(state__in=FINAL)
    rows = rows.filter(holder_id=holder_id) if holder_id is not None else rows
    return list(rows.filter(institution=institution) if institution else rows)


def by_serial(serial_number: str) -> Certificate | None:
    """The one with this serial number (lower-case hex)."""
    rows = Certificate.objects.select_related("card", "holder")
    return rows.filter(serial_number=serial_number).first()


def by_key(certificate: int) -> Certificate:
    """The one with this key in the database, which is known to be there."""
    return Certificate.objects.select_related("card", "holder").get(pk=certificate)


def owner_of(certificate: str) -> int | None:
    """Whose certificate this is, by its key as an address has it; None where there is none."""
    if not (certificate.isascii() and certificate.isdecimal() and len(certificate) < 19):
        return None
    return Certificate.objects.filter(pk=int(certificate)).values_list("holder_id", flat=True).first()


def has_cards_of_others(holder_id: int) -> bool:
    """Whether a card of the holder has no certificate of ours: its states are kept elsewhere."""
    return Card.objects.filter(holder_id=holder_id, states=None).exists()


def state_of(certificate: Certificate, now: datetime) -> State:
    """Where it stands at this moment: its end needs no sweep."""
    state = State(certificate.state)
    return State.EXPIRED if state not in FINAL and now >= certificate.not_after else state


def history(certificate: Certificate) -> list[Change]:
    """What happened to it, the first thing first; `order.done_at` says when the world was told."""
    return list(certificate.changes.select_related("order").order_by("pk"))


def waiting_orders() -> list[StatusOrder]:
    """What the authority was not told yet, the oldest request first."""
    return list(StatusOrder.objects.filter(NOT_DONE).select_related("card").order_by("asked_at"))


def refused_orders() -> list[StatusOrder]:
    """What the authority will not do: somebody must look."""
    rows = StatusOrder.objects.filter(done_at=None).exclude(refused="")
    return list(rows.select_related("card").order_by("asked_at"))


def is_told(certificate: Certificate) -> bool:
    """Whether CRL and OCSP say what we say: no order of its card waits."""
    return not StatusOrder.objects.filter(NOT_DONE, card_id=certificate.card_id).exists()


def open_proposals(since: datetime) -> list[Proposal]:
    """What one operator asked for after `since` and nobody has approved."""
    rows = Proposal.objects.filter(approved_at=None, asked_at__gt=since)
    return list(rows.select_related("card__holder").order_by("asked_at"))
