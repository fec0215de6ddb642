"""The one way in which states change: rows, history, order to the authority, audit and notice, in one
transaction. The verbs that are called are in services.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import Detail, record
from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.port import CertificateStatus
from kilitcoz_portal.certificates import publishing
from kilitcoz_portal.certificates.actors import SYSTEM, Actor
from kilitcoz_portal.certificates.errors import CertificateNotFound, NoSuchChange
from kilitcoz_portal.certificates.models import Certificate, Change, State, StatusOrder
from kilitcoz_portal.certificates.reasons import CRL_REASON, Reason
from kilitcoz_portal.certificates.states import Deed, require
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import NOTHING_MORE, About
from kilitcoz_portal.operations import services as operations

EVENTS = MappingProxyType(
    {
        Deed.PRODUCE: Event.CERTIFICATE_PRODUCED,
        Deed.HAND_OVER: Event.CERTIFICATE_HANDED_OVER,
        Deed.OPEN: Event.CERTIFICATE_OPENED,
        Deed.SUSPEND: Event.CERTIFICATE_SUSPENDED,
        Deed.RESUME: Event.CERTIFICATE_RESUMED,
        Deed.REVOKE: Event.CERTIFICATE_REVOKED,
        Deed.EXPIRE: Event.CERTIFICATE_EXPIRED,
    }
)
NOTICES = MappingProxyType(
    {
        Deed.OPEN: Kind.CERTIFICATE_OPENED,
        Deed.SUSPEND: Kind.CERTIFICATE_SUSPENDED,
        Deed.RESUME: Kind.CERTIFICATE_RESUMED,
        Deed.REVOKE: Kind.CERTIFICATE_REVOKED,
    }
)
# What CRL and OCSP say of a certificate in each state; of an expired one nothing new is said.
SAID = MappingProxyType(
    {
        State.PRODUCED: Status.ON_HOLD,
        State.AWAITING_ACTIVATION: Status.ON_HOLD,
        State.VALID: Status.GOOD,
        State.SUSPENDED: Status.ON_HOLD,
        State.REVOKED: Status.REVOKED,
    }
)
_ENDS_OPERATIONS = frozenset({Deed.SUSPEND, Deed.REVOKE})


@dataclass(frozen=True)
class Wish:
    """One deed, by whom and why. `asked_at`: when it was first asked for; the 24 hours begin there."""

    deed: Deed
    by: Actor
    now: datetime
    reason: Reason | None = None
    invalid_since: datetime | None = None
    asked_at: datetime | None = None
    about: About = field(default=NOTHING_MORE)


def change(
    certificates: Sequence[Certificate], wish: Wish, move: Callable[[Certificate], None]
) -> list[Certificate]:
    """Make the deed with every certificate of one card, or with none; `move` sets what the row says then.

    Operations are ended before certificates are locked: the card service's result locks them in that order.
    Raises what states.require raises; CertificateNotFound where they are not of one card.
    """
    card = _card_of(certificates)
    if wish.deed in _ENDS_OPERATIONS:
        operations.withdraw_of_card(card.pk, wish.now)
    rows = locked(certificates)
    came_from = {row.pk: row.state for row in rows}
    for row in rows:
        require(row, wish.deed, wish.by)
        if wish.now >= row.not_after:  # before the sweep has said so
            raise NoSuchChange(State.EXPIRED)
        move(row)
        row.state_at, row.reason = wish.now, wish.reason or ""
        row.save()
    order = _order(card, rows, came_from, wish)
    for row in rows:
        write_history(row, came_from[row.pk], wish, order)
    write_audit(card, rows, wish)
    if wish.deed in NOTICES:
        notices.tell(card.holder, NOTICES[wish.deed], wish.now, replace(wish.about, card=card.last_four))
    return rows


def locked(certificates: Sequence[Certificate]) -> list[Certificate]:
    """Their rows as they are now, locked in one order."""
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("card", "holder")
    return list(rows.filter(pk__in=[each.pk for each in certificates]).order_by("pk"))


def leave_suspension(row: Certificate) -> None:
    """What only a suspended certificate has."""
    row.suspended_from = row.held_by = ""
    row.suspended_until = row.end_told_at = None


def end_plan(row: Certificate) -> None:
    """What only a certificate with a planned end has."""
    row.revocation_planned_at, row.planned_reason = None, ""


def expire(row: Certificate, now: datetime) -> None:
    """Its time is over (the row is locked); the authority need not be told."""
    wish = Wish(Deed.EXPIRE, SYSTEM, now)
    require(row, wish.deed, wish.by)
    came_from = row.state
    leave_suspension(row)
    end_plan(row)
    row.state, row.state_at = State.EXPIRED, row.not_after
    row.save()
    write_history(row, came_from, wish, None)
    write_audit(row.card, [row], wish)


def write_history(row: Certificate, came_from: str, wish: Wish, order: StatusOrder | None) -> None:
    """One line of the certificate's history."""
    Change.objects.create(
        certificate=row,
        deed=wish.deed,
        from_state=came_from,
        to_state=row.state,
        role=wish.by.role,
        by=wish.by.name,
        second=wish.by.second,
        reason=wish.reason or "",
        at=wish.now,
        order=order,
    )


def write_audit(card: Card, rows: Sequence[Certificate], wish: Wish) -> None:
    """One event for the card."""
    detail: Detail = {
        "serials": " ".join(row.serial_number for row in rows),
        "role": wish.by.role.value,
        "reason": wish.reason.value if wish.reason else "",
    }
    names = {"by": wish.by.name, "second": wish.by.second}
    detail |= {member: name for member, name in names.items() if name}
    record(EVENTS[wish.deed], now=wish.now, holder_id=card.holder_id, card_id=card.pk, detail=detail)


def _order(
    card: Card, rows: Sequence[Certificate], came_from: dict[int, str], wish: Wish
) -> StatusOrder | None:
    """What the authority is to say now, of those of which it said something else."""
    told = [row for row in rows if SAID[State(came_from[row.pk])] is not SAID[State(row.state)]]
    if not told:
        return None
    status = SAID[State(told[0].state)]
    reason = CRL_REASON[wish.reason or Reason.OTHER]
    wanted = CertificateStatus(status, wish.now, reason, wish.invalid_since)
    return publishing.order(card, [row.serial_number for row in told], wanted, wish.asked_at or wish.now)


def _card_of(certificates: Sequence[Certificate]) -> Card:
    cards = {each.card_id for each in certificates}
    if len(cards) != 1:
        raise CertificateNotFound
    return Card.objects.select_related("holder").get(pk=cards.pop())
