"""`kilitcoz certificate open | suspend | resume | revoke | approve | plan | withdraw`: what staff does to a
card's certificates. An officer acts for one institution's certificates alone; an operator suspends alone, and
asks for the rest, which another approves (A11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Annotated

import typer
from django.utils import timezone

from kilitcoz_portal.certificates import actors, planning, proposals, queries, services
from kilitcoz_portal.certificates.actors import Actor
from kilitcoz_portal.certificates.errors import CertificateNotFound, NoSuchChange
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import FINAL, Deed
from kilitcoz_portal.cli.ending import ending_on_faults
from kilitcoz_portal.cli.somebody import somebody
from kilitcoz_portal.holders import queries as holders

CardRef = Annotated[str, typer.Argument(metavar="CARD", help="The card, as `certificate list` names it.")]
By = Annotated[
    str, typer.Option("--by", callback=somebody, help="Your name, as it shall stand in the books.")
]
Institution = Annotated[
    str, typer.Option(help="You are this institution's officer; without, the call centre's operator.")
]
Why = Annotated[str, typer.Option(help="An operator's words for the one who approves.")]
WhyRevoked = Annotated[Reason, typer.Option("--reason", help="Why; it becomes the CRL's reason.")]

_MAY_BE_SUSPENDED = (State.VALID, State.AWAITING_ACTIVATION, State.SUSPENDED)
_MAY_BE_REVOKED = tuple(state for state in State if state not in FINAL)


def open_card(card: CardRef, by: By, why: Why = "") -> None:
    """Open a card that was handed over in person, its PIN known to its holder: an operator asks, and another
    approves. Whoever has no PIN yet opens it alone ("Kullanıma Aç").
    """
    with ending_on_faults():
        _ask(_of(card, State.AWAITING_ACTIVATION), Deed.OPEN, by, why, Reason.OTHER, timezone.now())


def suspend(
    card: CardRef,
    by: By,
    reason: Annotated[Reason, typer.Option(help="Why.")] = Reason.CAREFUL,
    days: Annotated[int, typer.Option(help="How long; 0: as long as may be.")] = 0,
    institution: Institution = "",
) -> None:
    """Put a card's certificates on hold at once. The holder is told; one operator is enough."""
    with ending_on_faults():
        now = timezone.now()
        until = now + timedelta(days=days) if days else None
        rows = _of(card, *_MAY_BE_SUSPENDED)
        changed = services.suspend(rows, _actor(by, institution), reason, now, until=until)
    end = max(row.suspended_until for row in changed if row.suspended_until)
    typer.echo(f"{len(changed)} certificates suspended until {end:%Y-%m-%d %H:%M}Z; the holder is told")


def resume(card: CardRef, by: By, why: Why = "", institution: Institution = "") -> None:
    """Take a card's certificates off hold: an officer what officers suspended; an operator asks, and another
    approves.
    """
    with ending_on_faults():
        rows, now = _of(card, State.SUSPENDED), timezone.now()
        if not institution:
            _ask(rows, Deed.RESUME, by, why, Reason.OTHER, now)
            return
        changed = services.resume(rows, _actor(by, institution), now)
    typer.echo(f"{len(changed)} certificates opened again; the holder is told")


def revoke(card: CardRef, by: By, reason: WhyRevoked, why: Why = "", institution: Institution = "") -> None:
    """Revoke a card's certificates for good: an officer at once; an operator asks, and another approves."""
    with ending_on_faults():
        rows, now = _of(card, *_MAY_BE_REVOKED), timezone.now()
        if not institution:
            _ask(rows, Deed.REVOKE, by, why, reason, now)
            return
        changed = services.revoke(rows, _actor(by, institution), reason, now)
    typer.echo(f"{len(changed)} certificates revoked; the holder is told")


def approve(
    proposal: Annotated[int, typer.Argument(help="Its number, as `certificate pending` shows it.")], by: By
) -> None:
    """You are the second operator: what the first one asked for within a day is done now."""
    with ending_on_faults():
        changed = proposals.approve(proposal, by=by, now=timezone.now())
    typer.echo(f"{len(changed)} certificates: {changed[0].state}; the holder is told")


def plan(
    card: CardRef,
    by: By,
    reason: WhyRevoked,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day, e.g. 2027-01-31.")],
    institution: Annotated[str, typer.Option(help="You are this institution's officer.")],
) -> None:
    """Revoke a card's certificates on a day to come; planned once more, the new day counts. The holder is
    told.
    """
    with ending_on_faults():
        at = timezone.make_aware(datetime.combine(on.date(), time.min))
        rows = _of(card, *_MAY_BE_REVOKED)
        planned = planning.plan(rows, _actor(by, institution), reason, at, timezone.now())
    typer.echo(f"{len(planned)} certificates are revoked on {on:%Y-%m-%d}; the holder is told")


def withdraw(
    card: CardRef,
    by: By,
    institution: Annotated[str, typer.Option(help="You are this institution's officer.")],
) -> None:
    """No revocation on the planned day after all. The holder is told."""
    with ending_on_faults():
        rows = [row for row in _of(card, *_MAY_BE_REVOKED) if row.revocation_planned_at is not None]
        if not rows:
            raise NoSuchChange("no-plan")
        planning.withdraw(rows, _actor(by, institution), timezone.now())
    typer.echo(f"{len(rows)} certificates stay; the holder is told")


COMMANDS: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        "open": open_card,
        "suspend": suspend,
        "resume": resume,
        "revoke": revoke,
        "approve": approve,
        "plan": plan,
        "withdraw": withdraw,
    }
)


def _of(card: str, *states: State) -> list[Certificate]:
    """The card's certificates in these states. Raises CertificateNotFound, NoSuchChange."""
    found = holders.by_ref(card)
    every = queries.of_card(found.pk, *State) if found else []
    if not every:
        raise CertificateNotFound
    now = timezone.now()
    rows = [row for row in every if queries.state_of(row, now) in states]
    if not rows:
        raise NoSuchChange(queries.state_of(every[-1], now))
    return rows


def _actor(by: str, institution: str) -> Actor:
    return actors.officer(by, " ".join(institution.split())) if institution else actors.operator(by)


def _ask(rows: list[Certificate], deed: Deed, by: str, why: str, reason: Reason, now: datetime) -> None:
    made = proposals.ask(rows, deed, by=by, why=why, now=now, reason=reason)
    typer.echo(f"asked: within a day another operator runs kilitcoz certificate approve {made.pk} --by NAME")
