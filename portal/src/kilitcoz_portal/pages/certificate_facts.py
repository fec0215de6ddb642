"""What "Sertifika Listele" and "Sertifikamı İptal Et" show: a holder's certificates by card, and what
happened to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from cryptography import x509
from django.utils.functional import Promise

from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import queries
from kilitcoz_portal.certificates.ends import is_revoked_at_the_end
from kilitcoz_portal.certificates.models import Certificate, Change, Role, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import FINAL, Deed
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.pages.card_facts import card_name, common_name
from kilitcoz_portal.pages.event_words import ROLES
from kilitcoz_portal.pages.state_words import DEEDS, FOR_WHAT, MARKS, WHY, Mark

_ORDER = tuple(FOR_WHAT)  # what a holder looks for first, first
_STOPPABLE = frozenset({State.VALID, State.AWAITING_ACTIVATION})


@dataclass(frozen=True)
class Facts:
    """One certificate. `row.state` may be behind its end; `state` is not."""

    row: Certificate
    state: State
    mark: Mark
    purpose: str | Promise
    subject: str
    issuer: str
    serial: str
    held_by: str | Promise
    revoked_at_the_end: bool  # of its suspension


@dataclass(frozen=True)
class CardFacts:
    """A card with its certificates, and which deeds its holder could ask for now."""

    pk: int
    label: str
    certificates: list[Facts]

    @property
    def living(self) -> list[Facts]:
        """Neither revoked nor expired."""
        return [each for each in self.certificates if each.state not in FINAL]

    @property
    def to_suspend(self) -> list[Certificate]:
        """What "Askıya Al" stops."""
        return [each.row for each in self.certificates if each.state in _STOPPABLE]

    @property
    def suspended(self) -> list[Facts]:
        """What is on hold now."""
        return [each for each in self.certificates if each.state is State.SUSPENDED]

    @property
    def to_resume(self) -> list[Certificate]:
        """What the holder put on hold and may open again."""
        return [each.row for each in self.suspended if each.row.held_by == Role.HOLDER]

    @property
    def to_revoke(self) -> list[Certificate]:
        """What "İptal Et" ends; what still lies at the desk is no business of its holder."""
        return [each.row for each in self.living if each.state is not State.PRODUCED]

    @property
    def planned(self) -> list[Certificate]:
        """What will be revoked on a day."""
        return [each.row for each in self.living if each.row.revocation_planned_at is not None]


@dataclass(frozen=True)
class Line:
    """One change, in words. `told_at`: since when CRL and OCSP say so; None where nothing was to be said."""

    at: datetime
    what: str | Promise
    who: str | Promise
    why: str | Promise
    told_at: datetime | None
    waits: bool


def cards_of(holder_id: int, now: datetime) -> list[CardFacts]:
    """Cards with certificates of ours, the newest first."""
    rows = queries.of_holder(holder_id)
    return [_card(card, list(group), now) for card, group in groupby(rows, key=lambda row: row.card)]


def card_of(card_pk: int, now: datetime) -> CardFacts | None:
    """This card; None where no certificate of ours is on it."""
    rows = queries.of_card(card_pk, *State)
    return _card(rows[0].card, rows, now) if rows else None


def facts(row: Certificate, now: datetime) -> Facts:
    """One certificate as it stands."""
    made = x509.load_der_x509_certificate(bytes(row.der))
    state = queries.state_of(row, now)
    return Facts(
        row=row,
        state=state,
        mark=MARKS[state],
        purpose=FOR_WHAT[ProfileName(row.profile)],
        subject=common_name(made.subject),
        issuer=common_name(made.issuer),
        serial=row.serial_number.upper(),
        held_by=ROLES.get(row.held_by, ""),
        revoked_at_the_end=is_revoked_at_the_end(row),
    )


def history(row: Certificate) -> list[Line]:
    """What happened to it, the newest first."""
    return [_line(each) for each in reversed(queries.history(row))]


def _card(card: Card, rows: list[Certificate], now: datetime) -> CardFacts:
    in_order = sorted(rows, key=lambda row: (_ORDER.index(ProfileName(row.profile)), -row.pk))
    return CardFacts(card.pk, card_name(card), [facts(row, now) for row in in_order])


def _line(change: Change) -> Line:
    order = change.order
    return Line(
        at=change.at,
        what=DEEDS[Deed(change.deed)],
        who=ROLES[change.role],
        why=WHY[Reason(change.reason)] if change.reason else "",
        told_at=order.done_at if order else None,
        waits=order is not None and order.done_at is None,
    )
