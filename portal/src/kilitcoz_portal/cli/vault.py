"""`kilitcoz vault …`: what people see of the vault and decide in it. Never a value (R12)."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from django.db import transaction
from django.utils import timezone

from kilitcoz_cards.pin import Puk
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.cli.ending import ending_on_faults
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.vault import overrides, queries, services, store
from kilitcoz_portal.vault.errors import SecretUnknown, VaultIntegrityError

app = typer.Typer(no_args_is_help=True, help="The vault of unlock secrets.")

CardRef = Annotated[str, typer.Argument(help="The card as `vault status` names it, e.g. piv:00112233….")]
By = Annotated[str, typer.Option("--by", help="Your name, as it shall stand in the books.")]


@app.callback()
def vault() -> None:
    """The vault: where secrets stand, and what two people may do."""


@app.command()
def status(
    card_ref: Annotated[
        str, typer.Argument(help="One card, with its history; without: all that need care.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Secrets that are not simply known: state, age, tries, releases. No values, ever."""
    with ending_on_faults():
        lines = queries.unsettled() if not card_ref else [_one(card_ref)]
        history = queries.history(card_ref) if card_ref else []
        if as_json:
            document = {
                "counts": queries.counts(),
                "secrets": [asdict(line) for line in lines],
                "history": [asdict(moved) for moved in history],
            }
            typer.echo(json.dumps(document, default=str, ensure_ascii=False))
            return
        typer.echo("  ".join(f"{state}: {count}" for state, count in queries.counts().items()))
        for line in lines:
            typer.echo(_in_words(line))
        for moved in history:
            typer.echo(_moved_in_words(moved))


def _one(card_ref: str) -> queries.Standing:
    line = queries.standing(card_ref)
    if line is None:
        raise SecretUnknown(card_ref)
    return line


def _in_words(line: queries.Standing) -> str:
    age = timezone.now() - line.since
    told = "told by the card" if line.tries_told else "our estimate"
    since = f"{age.days} d {age.seconds // 3600} h"
    return f"{line.card_ref}  {line.state}  for {since}  tries {line.tries} ({told})  releases {line.fence}"


def _moved_in_words(moved: queries.Moved) -> str:
    detail = f"  [{'; '.join(moved.detail)}]" if moved.detail else ""
    return (
        f"  {moved.sequence:>4}  {moved.at:%Y-%m-%d %H:%M:%S}Z  {moved.trigger}: {moved.from_state or '-'} → "
        f"{moved.to_state}  fence {moved.fence}  tries {moved.tries}  {moved.operation_id}{detail}"
    )


@app.command()
def override(
    card_ref: CardRef,
    by: By,
    reason: Annotated[str, typer.Option(help="Why software may go on; asked of the first person.")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="You are the second person.")] = False,
    puk_stdin: Annotated[
        bool,
        typer.Option("--puk-stdin", help="With --approve: the adopted PUK was wrong, read the right one."),
    ] = False,
) -> None:
    """Two people let software spend a card's last try or try refuted values again: one asks, another
    approves.
    """
    with ending_on_faults(), transaction.atomic():
        now = timezone.now()
        if approve:
            puk = Puk.from_text(sys.stdin.readline().strip()) if puk_stdin else None
            overrides.approve(card_ref, by=by, now=now, puk=puk)
        else:
            overrides.ask(card_ref, by=by, reason=reason, now=now)
        event = Event.VAULT_OVERRIDE_APPROVED if approve else Event.VAULT_OVERRIDE_ASKED
        card = holders.by_ref(card_ref)
        record(
            event,
            now=now,
            holder_id=card.holder_id if card else None,
            card_id=card.pk if card else None,
            detail={"by": by, "reason": reason, "puk_replaced": approve and puk_stdin},
        )
    typer.echo(
        "approved: the next unlock within a day may go on" if approve else "asked: a second person approves"
    )


@app.command("restored-from-backup")
def restored_from_backup(
    yes: Annotated[bool, typer.Option("--yes", help="The database really comes from a backup.")] = False,
) -> None:
    """After a restore: every secret is in doubt until its card is seen again (R10)."""
    if not yes:
        typer.confirm("Was this database restored from a backup?", abort=True)
    with ending_on_faults(), transaction.atomic():
        count = services.restored_from_backup(timezone.now())
        record(Event.VAULT_RESTORED, now=timezone.now(), detail={"cards": count})
    typer.echo(f"{count} secrets are in doubt; each is settled at its card's next contact")


@app.command()
def verify() -> None:
    """Authenticate every secret and its whole journal; exit status 1 where one was altered."""
    broken = 0
    for card_ref in queries.card_refs():
        try:
            with transaction.atomic():
                store.verify_journal(card_ref)
        except VaultIntegrityError as error:
            broken += 1
            typer.echo(f"{card_ref}: {error.what}", err=True)
    typer.echo("every secret and journal is as it was written" if not broken else f"{broken} altered")
    if broken:
        raise typer.Exit(1)
