"""`kilitcoz certificate list | show | pending`: what staff sees of certificates, and what is still to be
done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from django.utils import timezone

from kilitcoz_portal.certificates import clock, proposals, queries
from kilitcoz_portal.certificates.errors import CertificateNotFound
from kilitcoz_portal.certificates.models import Certificate, Proposal, State, StatusOrder
from kilitcoz_portal.cli import certificate_deeds
from kilitcoz_portal.cli.ending import ending_on_faults
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.errors import HolderUnknown
from kilitcoz_portal.holders.models import Card

app = typer.Typer(no_args_is_help=True, help="Certificates of holders' cards, and their states.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_HOUR = timedelta(hours=1)
_KEPT_IN_SIGHT = timedelta(days=7)  # what nobody approved in its day


@app.callback()
def certificate() -> None:
    """Certificates: how they stand; all of a card's change together."""


@app.command("list")
def list_all(
    id_number: Annotated[str, typer.Option(help="Of this holder.")] = "",
    institution: Annotated[str, typer.Option(help="Of this institution.")] = "",
    state: Annotated[State | None, typer.Option(help="Only of this state; else all that live.")] = None,
    as_json: AsJson = False,
) -> None:
    """Certificates of a holder or an institution, or of everybody; the card's name goes to other commands."""
    with ending_on_faults():
        holder = holders.by_id_number(id_number) if id_number else None
        if id_number and holder is None:
            raise HolderUnknown
        rows = queries.listed(holder.pk if holder else None, " ".join(institution.split()), state)
        _print_rows(rows, as_json=as_json)


@app.command()
def show(
    card: Annotated[str, typer.Argument(help="The card, as `certificate list` names it.")],
    as_json: AsJson = False,
) -> None:
    """One card's certificates, with everything that happened to them, by whom and why."""
    with ending_on_faults():
        found = holders.by_ref(card)
        rows = queries.of_card(found.pk, *State) if found else []
        if not rows:
            raise CertificateNotFound
        if as_json:
            typer.echo(json.dumps([_facts(row) | {"history": _history(row)} for row in rows], default=str))
            return
        for row in rows:
            typer.echo(_in_words(_facts(row)))
            for line in _history(row):
                typer.echo(f"    {line['at']:%Y-%m-%d %H:%M}Z  {_change_in_words(line)}")


@app.command()
def pending(as_json: AsJson = False) -> None:
    """What has not reached the world yet, oldest first: deeds that a second operator must approve, and what
    the authority was not told or refuses. More than 12 hours old is marked, and so is more than 24.
    """
    now = timezone.now()
    asked = [_proposal(each, now) for each in queries.open_proposals(now - _KEPT_IN_SIGHT)]
    waiting = [_order(each, now) for each in queries.waiting_orders()]
    refused = [_order(each, now) for each in queries.refused_orders()]
    if as_json:
        document = {"proposals": asked, "waiting": waiting, "refused": refused}
        typer.echo(json.dumps(document, default=str, ensure_ascii=False))
        return
    for row in asked:
        over = "" if row["open"] else " (too old: ask again)"
        what = f"{row['deed']} asked by {row['asked_by']}: {row['why']}{over}"
        typer.echo(f"{row['proposal']:>4}  {row['card']}  {what}  {row['age']}{row['alarm']}")
    for row in waiting + refused:
        state = f"REFUSED: {row['refused']}" if row["refused"] else f"tried {row['tries']} times"
        typer.echo(
            f"      {row['card']}  authority to say {row['status']}  {state}  {row['age']}{row['alarm']}"
        )
    if not (asked or waiting or refused):
        typer.echo("nothing waits")


def _print_rows(rows: Iterable[Certificate], *, as_json: bool) -> None:
    facts = [_facts(row) for row in rows]
    if as_json:
        typer.echo(json.dumps(facts, default=str, ensure_ascii=False))
        return
    for each in facts:
        typer.echo(_in_words(each))


def _facts(row: Certificate) -> dict[str, Any]:
    return {
        "card": row.card.ref,
        "serial_number": row.serial_number,
        "profile": row.profile,
        "state": queries.state_of(row, timezone.now()).value,
        "since": row.state_at,
        "until": row.not_after,
        "institution": row.institution,
        "held_by": row.held_by,
        "suspended_until": row.suspended_until,
        "revocation_planned_at": row.revocation_planned_at,
    }


def _in_words(facts: dict[str, Any]) -> str:
    more = ""
    if facts["suspended_until"]:
        more = f"  by {facts['held_by']} until {facts['suspended_until']:%Y-%m-%d}"
    if facts["revocation_planned_at"]:
        more += f"  revoked on {facts['revocation_planned_at']:%Y-%m-%d}"
    institution = f"  {facts['institution']}" if facts["institution"] else ""
    return (
        f"{facts['card']}  {facts['profile']:14}  {facts['state']:19}  to {facts['until']:%Y-%m-%d}"
        f"{more}{institution}  {facts['serial_number']}"
    )


def _history(row: Certificate) -> list[dict[str, Any]]:
    return [
        {
            "at": each.at,
            "deed": each.deed,
            "to": each.to_state,
            "role": each.role,
            "by": " and ".join(name for name in (each.by, each.second) if name),
            "reason": each.reason,
            "told_at": each.order.done_at if each.order else None,
        }
        for each in queries.history(row)
    ]


def _change_in_words(line: dict[str, Any]) -> str:
    who = f"{line['role']} {line['by']}".strip()
    why = f" ({line['reason']})" if line["reason"] else ""
    return f"{line['deed']} → {line['to']}  by {who}{why}"


def _order(order: StatusOrder, now: datetime) -> dict[str, Any]:
    return _aged(order.card, order.asked_at, now) | {
        "serial_numbers": order.serial_numbers,
        "status": order.status,
        "tries": order.tries,
        "refused": order.refused,
    }


def _proposal(asked: Proposal, now: datetime) -> dict[str, Any]:
    return _aged(asked.card, asked.asked_at, now) | {
        "proposal": asked.pk,
        "serial_numbers": asked.serial_numbers,
        "deed": asked.deed,
        "reason": asked.reason,
        "why": asked.why,
        "asked_by": asked.asked_by,
        "open": now - asked.asked_at < proposals.LIFE,
    }


def _aged(card: Card, asked_at: datetime, now: datetime) -> dict[str, Any]:
    """`alarm`: the last of clock.ALARMS that has passed since it was asked for."""
    age = now - asked_at
    passed = [limit for limit in clock.ALARMS if age >= limit]
    return {
        "card": card.ref,
        "asked_at": asked_at,
        "age": f"{age // _HOUR} h {age % _HOUR // timedelta(minutes=1)} min",
        "alarm": f"  LATE: more than {passed[-1] // _HOUR} hours" if passed else "",
    }


for _name, _command in certificate_deeds.COMMANDS.items():
    app.command(_name)(_command)
