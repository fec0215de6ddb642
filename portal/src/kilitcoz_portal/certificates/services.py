"""The verbs: each is one transaction over a card's certificates, with history, order, audit and notice.

Certificates that are given together belong to one card and change together, or not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from kilitcoz_portal.certificates import changing
from kilitcoz_portal.certificates.actors import HOLDER, Actor
from kilitcoz_portal.certificates.changing import Wish
from kilitcoz_portal.certificates.errors import EndWrong, NotYetValid
from kilitcoz_portal.certificates.models import Certificate, Role, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import Deed
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.notices.services import NOTHING_MORE, About

_HARDER = (Role.HOLDER, Role.OFFICER, Role.OPERATOR, Role.SYSTEM)  # to lift, from left to right
_SUSPENDS = frozenset({State.VALID, State.AWAITING_ACTIVATION})


def request_id() -> str:
    """A new name of a wish for a certificate; keep it before asking, and ask again with the same one."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def hand_over(certificates: Sequence[Certificate], by: Actor, now: datetime) -> list[Certificate]:
    """The card is whole and leaves the desk: produced → awaiting activation."""

    def move(row: Certificate) -> None:
        row.state = State.AWAITING_ACTIVATION

    return changing.change(certificates, Wish(Deed.HAND_OVER, by, now), move)


@transaction.atomic
def open_for_use(
    certificates: Sequence[Certificate],
    now: datetime,
    about: About = NOTHING_MORE,
    *,
    by: Actor = HOLDER,
    asked_at: datetime | None = None,
) -> list[Certificate]:
    """ "Kullanıma Aç": the holder has set the first PIN. Opened already: nothing changes.

    Raises NotYetValid, HolderFrozen, NoSuchChange, RevokedIsFinal, NotAllowed.
    """
    _not_frozen(certificates)
    for each in certificates:
        if now < each.not_before:
            raise NotYetValid(each.not_before)
    waiting = [row for row in changing.locked(certificates) if row.state != State.VALID]

    def move(row: Certificate) -> None:
        row.state = State.VALID

    wish = Wish(Deed.OPEN, by, now, asked_at=asked_at, about=about)
    return changing.change(waiting, wish, move) if waiting else []


@transaction.atomic
def suspend(
    certificates: Sequence[Certificate],
    by: Actor,
    reason: Reason,
    now: datetime,
    *,
    until: datetime | None = None,
    asked_at: datetime | None = None,
    about: About = NOTHING_MORE,
) -> list[Certificate]:
    """On hold until a date, at most KILITCOZ_SUSPENSION_DAYS away; what happens then is ends.at_the_end's.

    Suspended once more, it stays with whoever's suspension is harder to lift. Raises EndWrong and what
    states.require raises.
    """
    end = _end_of_suspension(until, now)

    def move(row: Certificate) -> None:
        if row.state != State.SUSPENDED:
            row.suspended_from, row.state, row.held_by = row.state, State.SUSPENDED, by.role
            row.suspended_until = end
        elif _HARDER.index(by.role) >= _HARDER.index(Role(row.held_by)):
            row.held_by, row.suspended_until = by.role, end
        row.end_told_at = None

    wish = Wish(Deed.SUSPEND, by, now, reason, asked_at=asked_at, about=about)
    return changing.change(certificates, wish, move)


def suspend_all(
    holder_id: int,
    by: Actor,
    reason: Reason,
    now: datetime,
    *,
    asked_at: datetime | None = None,
    about: About = NOTHING_MORE,
) -> list[Certificate]:
    """Everything of the holder that is valid or waits to be opened, card by card; joins the caller's
    transaction.
    """
    with transaction.atomic():
        living = Certificate.objects.filter(holder_id=holder_id, state__in=_SUSPENDS, not_after__gt=now)
        rows = living.order_by("card_id", "pk")
        by_card: dict[int, list[Certificate]] = {}
        for row in rows:
            by_card.setdefault(row.card_id, []).append(row)
        return [
            row
            for group in by_card.values()
            for row in suspend(group, by, reason, now, asked_at=asked_at, about=about)
        ]


@transaction.atomic
def resume(
    certificates: Sequence[Certificate],
    by: Actor,
    now: datetime,
    *,
    asked_at: datetime | None = None,
    about: About = NOTHING_MORE,
) -> list[Certificate]:
    """Back to where it was before the suspension.

    Raises NotAllowed (`held_by`: whose suspension it is), HolderFrozen, and what states.require raises.
    """
    if by.role is Role.HOLDER:
        _not_frozen(certificates)

    def move(row: Certificate) -> None:
        row.state = row.suspended_from
        changing.leave_suspension(row)

    wish = Wish(Deed.RESUME, by, now, asked_at=asked_at, about=about)
    return changing.change(certificates, wish, move)


@transaction.atomic
def revoke(
    certificates: Sequence[Certificate],
    by: Actor,
    reason: Reason,
    now: datetime,
    *,
    invalid_since: datetime | None = None,
    asked_at: datetime | None = None,
    about: About = NOTHING_MORE,
) -> list[Certificate]:
    """For good. `invalid_since` (RFC 5280, 5.3.2): from when it may have been misused; the revocation itself
    is never dated back. Raises EndWrong, and what states.require raises.
    """
    if invalid_since is not None and invalid_since > now:
        raise EndWrong

    def move(row: Certificate) -> None:
        changing.leave_suspension(row)
        changing.end_plan(row)
        row.state = State.REVOKED

    wish = Wish(Deed.REVOKE, by, now, reason, invalid_since, asked_at, about)
    return changing.change(certificates, wish, move)


def _end_of_suspension(until: datetime | None, now: datetime) -> datetime:
    last = now + timedelta(days=settings.KILITCOZ_SUSPENSION_DAYS)
    if until is not None and not now < until <= last:
        raise EndWrong
    return until or last


def _not_frozen(certificates: Sequence[Certificate]) -> None:
    for holder_id in sorted({each.holder_id for each in certificates}):
        freezing.locked_open(holder_id)
