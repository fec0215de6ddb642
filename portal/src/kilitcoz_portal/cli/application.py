"""`kilitcoz application …`: what registrars and institutions' officers do with applications ("Başvuru")."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from django.utils import timezone

from kilitcoz_portal.applications import enrolment, printing, queries, receiving, services
from kilitcoz_portal.applications import entry as entering
from kilitcoz_portal.applications.entry import Entry
from kilitcoz_portal.applications.models import Application, Kind, State
from kilitcoz_portal.applications.reasons import Reason
from kilitcoz_portal.approval.queries import consent_given
from kilitcoz_portal.cli import csvfiles
from kilitcoz_portal.cli.ending import ending_on_faults, finish
from kilitcoz_portal.cli.somebody import somebody
from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders import queries as holders

app = typer.Typer(no_args_is_help=True, help="Applications for a certificate.")

REQUIRED = ("id_number", "name", "phone")
OPTIONAL = ("surname", "email", "language", "kind", "institution")

Number = Annotated[str, typer.Argument(help="The application's number, as on the form.")]
By = Annotated[
    str, typer.Option("--by", callback=somebody, help="Your name, as it shall stand in the books.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def application() -> None:
    """Applications: from their receipt to the card."""


@app.command("import")
def import_file(
    csv: Annotated[
        Path,
        typer.Argument(
            help="CSV with columns id_number,name,phone; may have surname,email,language,kind,institution."
        ),
    ],
    by: By,
    institution: Annotated[str, typer.Option(help="For lines without one.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, keep nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Apply for many people of an institution: all lines are taken, or none."""
    with ending_on_faults():
        officer, now = entries.name(by), timezone.now()

        def take(row: csvfiles.Row) -> dict[str, str]:
            taken = receiving.by_officer(
                _entry(row, institution), now, by=officer, consent_given=consent_given
            )
            return {"id_number": taken.id_number, "application": taken.number}

        lines = csvfiles.rows(csv, REQUIRED, OPTIONAL)
        report = csvfiles.import_lines(lines, take, dry_run=dry_run, skip_bad=False)
        finish(report, dry_run=dry_run, as_json=as_json)


@app.command("list")
def list_all(
    state: Annotated[State | None, typer.Option(help="Only of this state; else all under way.")] = None,
    institution: Annotated[str, typer.Option(help="Only of this institution.")] = "",
    as_json: AsJson = False,
) -> None:
    """Applications, oldest first."""
    rows = [_facts(each) for each in queries.listed(state or "", institution)]
    if as_json:
        typer.echo(json.dumps(rows, default=str, ensure_ascii=False))
        return
    for row in rows:
        received = f"{row['received_at']:%Y-%m-%d}"
        typer.echo(f"{row['number']}  {row['state']:9}  {row['payment']:6}  {received}  {row['name']}")


@app.command()
def show(number: Number, as_json: AsJson = False) -> None:
    """One application, and what of it differs from the holder whom we know by its ID number."""
    with ending_on_faults():
        facts = _facts(queries.by_number(number))
    if as_json:
        typer.echo(json.dumps(facts, default=str, ensure_ascii=False))
        return
    for name, value in facts.items():
        typer.echo(f"{name}: {'' if value is None else value}")


@app.command("print")
def print_form(
    number: Number,
    by: By,
    output: Annotated[Path | None, typer.Option(help="A new file; else standard output.")] = None,
) -> None:
    """The form as a PDF, with a new security word where the applicant is no holder yet. Send it straight to a
    printer (`… | lp`): whoever has the file has the word.
    """
    if output is None and is_screen():
        raise typer.BadParameter("a PDF is no text: pipe it to a printer, or give --output")
    with ending_on_faults(), _opened(output) as paper:
        form = printing.print_form(queries.by_number(number), timezone.now(), by=entries.name(by))
        paper.write(form)


@app.command()
def check(
    number: Number,
    by: By,
    signed: Annotated[
        bool, typer.Option("--signed", help="The signed form lies before you. Not asked of who gave E-Onay.")
    ] = False,
    passport_of: Annotated[str, typer.Option(help="Country that issued the passport, e.g. DE.")] = "",
) -> None:
    """You saw the applicant and the identity document, and the data are the same."""
    with ending_on_faults():
        issuer = entering.country(passport_of) if passport_of else ""
        found, name = queries.by_number(number), entries.name(by)
        services.check(
            found,
            timezone.now(),
            by=name,
            signed=signed,
            passport_of=issuer,
            consent_given=consent_given,
        )
    typer.echo("checked: another person approves")


@app.command()
def approve(
    number: Number,
    by: By,
    keep_contacts: Annotated[
        bool,
        typer.Option(
            "--keep-contacts", help="A known holder's phone and e-mail stay, whatever the form says."
        ),
    ] = False,
) -> None:
    """Enrol the holder. You are not who checked."""
    with ending_on_faults():
        found = queries.by_number(number)
        services.approve(found, timezone.now(), by=entries.name(by), keep_contacts=keep_contacts)
    typer.echo(f"approved: holder {found.holder_id}, who is told")


@app.command()
def refuse(
    number: Number,
    by: By,
    reason: Annotated[Reason, typer.Option(help="Why; the applicant reads it in kind words.")],
) -> None:
    """Refuse it; the applicant is told, and where to read why."""
    with ending_on_faults():
        services.refuse(queries.by_number(number), timezone.now(), by=entries.name(by), reason=reason)
    typer.echo("refused; the applicant is told")


@app.command()
def withdraw(number: Number, by: By) -> None:
    """The applicant wants it no more."""
    with ending_on_faults():
        services.withdraw(queries.by_number(number), timezone.now(), by=entries.name(by))
    typer.echo("withdrawn")


@app.command()
def pay(
    number: Number,
    by: By,
    waived: Annotated[bool, typer.Option("--waived", help="It costs nothing.")] = False,
) -> None:
    """The application is paid, or need not be."""
    with ending_on_faults():
        found = queries.by_number(number)
        services.settle_payment(found, timezone.now(), by=entries.name(by), waived=waived)
    typer.echo(found.payment)


def is_screen() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    """A file that nobody else can read, opened before the form's word is made. Raises OSError: also where
    there is one of this name.
    """
    if output is None:
        yield sys.stdout.buffer
        return
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as paper:
        yield paper


def _entry(row: csvfiles.Row, institution: str) -> Entry:
    return Entry(
        id_number=row["id_number"],
        name=row["name"],
        phone=row["phone"],
        email=row.get("email", ""),
        language=row.get("language", "").strip() or "tr",
        kind=row.get("kind", "").strip() or Kind.FIRST,
        institution=row.get("institution", "").strip() or institution,
        surname=row.get("surname", ""),
    )


def _facts(found: Application) -> dict[str, Any]:
    """What staff decides by; never a hash."""
    known = holders.by_id_number(found.id_number)
    shown = (
        "number state payment kind source institution entered_by id_number name surname passport_of phone "
        "email language needs_signature prints received_at checked_by checked_at approved_by approved_at "
        "closed_by closed_at reason"
    )
    facts: dict[str, Any] = {name: getattr(found, name) for name in shown.split()}
    facts["known_holder"] = known.pk if known else None
    facts["contacts_differ"] = known is not None and enrolment.differs(found, known)
    return facts
