"""`kilitcoz holder phone | email | allow-sms | frozen | unfreeze`: what the call centre does for a holder on
the line.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

import typer
from django.utils import timezone

from kilitcoz_portal.cli.ending import ending_on_faults
from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.errors import HolderUnknown
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.pages import ending
from kilitcoz_portal.signin import call_centre
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.passkeys import keeping

IdNumber = Annotated[str, typer.Option("--id-number", help="The holder's id number.")]
By = Annotated[str, typer.Option("--by", help="Your name, as it shall stand in the books.")]


def phone(
    id_number: IdNumber,
    by: By,
    phone: Annotated[str, typer.Option(help="The new mobile number, e.g. +905321234567.")],
) -> None:
    """Change a holder's phone number. Both are told; 72 hours pass before an unlock by SMS alone."""
    with ending_on_faults():
        holder, now = _holder(id_number), timezone.now()
        call_centre.change_phone(
            holder, entries.phone(phone), now, _sessions_end(holder, now), by=entries.name(by)
        )
    typer.echo("changed; both numbers are told; no unlock by SMS alone for 72 hours")


def email(
    id_number: IdNumber,
    by: By,
    email: Annotated[str, typer.Option(help="The new address; empty to forget it.")],
) -> None:
    """Change a holder's e-mail address. Both addresses are told."""
    with ending_on_faults():
        holder, now = _holder(id_number), timezone.now()
        address = entries.email(email) if email else ""
        call_centre.change_email(holder, address, now, _sessions_end(holder, now), by=entries.name(by))
    typer.echo("changed; both addresses are told")


def allow_sms(id_number: IdNumber, by: By) -> None:
    """Let an SMS code log in again, for a holder who closed that and lost the passkey. The holder is told."""
    with ending_on_faults():
        keeping.let_sms_log_in(_holder(id_number), True, timezone.now(), by=entries.name(by))
    typer.echo("an SMS code logs in; every contact is told")


def frozen(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Holders who said "it was not me", oldest first, with what the call centre owes them."""
    rows = [
        {
            "holder": holder.pk,
            "frozen_at": holder.frozen_at,
            "suspension_asked": holders.suspension_is_asked(holder.pk),
            "unfreeze_asked": holders.unfreeze_is_asked(holder.pk, timezone.now()),
        }
        for holder in holders.frozen()
    ]
    if as_json:
        typer.echo(json.dumps(rows, default=str))
        return
    for row in rows:
        asked = "; certificates to be suspended" if row["suspension_asked"] else ""
        waiting = "; a second person may approve" if row["unfreeze_asked"] else ""
        typer.echo(f"holder {row['holder']}  frozen {row['frozen_at']:%Y-%m-%d %H:%M}Z{asked}{waiting}")


def unfreeze(
    id_number: IdNumber,
    by: By,
    reason: Annotated[
        str, typer.Option(help="How the holder was recognised; asked of the first person.")
    ] = "",
    phone: Annotated[str, typer.Option(help="The right number, where a thief had changed it.")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="You are the second person.")] = False,
) -> None:
    """Two people open a frozen account again: one asks with a reason, another approves within a day.

    Certificates stay suspended: `kilitcoz certificate resume` is a decision of its own.
    """
    with ending_on_faults():
        holder, now = _holder(id_number), timezone.now()
        if approve:
            call_centre.approve_unfreeze(holder, now, by=entries.name(by))
        else:
            number = entries.phone(phone) if phone else ""
            call_centre.ask_unfreeze(holder, now, by=entries.name(by), reason=reason, phone=number)
    opened = "open again; the holder is told; certificates stay suspended (kilitcoz certificate resume)"
    typer.echo(opened if approve else "asked: a second person approves")


def _sessions_end(holder: Holder, now: datetime) -> Callable[[], int]:
    """With what they began: who called may be putting out a thief whose unlock is open."""
    return partial(ending.end_all, holder, now, End.CALL_CENTRE)


def _holder(id_number: str) -> Holder:
    holder = holders.by_id_number(id_number)
    if holder is None:
        raise HolderUnknown
    return holder
