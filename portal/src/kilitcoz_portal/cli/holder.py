"""`kilitcoz holder …`. Here: `add`, enrolling one person by options or many from a CSV file; `free`, opening
a closed word.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from kilitcoz_portal.cli import call_centre, csvfiles, word
from kilitcoz_portal.cli.ending import ending_on_faults, finish
from kilitcoz_portal.cli.somebody import somebody
from kilitcoz_portal.holders import queries, security_word, services
from kilitcoz_portal.holders.errors import HolderUnknown
from kilitcoz_portal.holders.services import HolderEntry
from kilitcoz_portal.signin import words

app = typer.Typer(no_args_is_help=True, help="Holders.")

REQUIRED = ("id_number", "name", "phone")
OPTIONAL = ("security_word", "email", "application_number")


@app.callback()
def holder() -> None:
    """Holders: people with a certificate."""


@app.command()
def add(  # noqa: PLR0913, PLR0917 - each is an option of its own
    id_number: Annotated[str, typer.Option(help="T.C. Kimlik No, 99… number, or passport number.")] = "",
    name: Annotated[str, typer.Option(help="First and last name.")] = "",
    phone: Annotated[str, typer.Option(help="Mobile number, e.g. +905321234567.")] = "",
    email: Annotated[str, typer.Option(help="E-mail address, if there is one.")] = "",
    application_number: Annotated[str, typer.Option(help="Number of the application form.")] = "",
    word_stdin: Annotated[
        bool, typer.Option("--word-stdin", help="Read the security word from standard input.")
    ] = False,
    csv: Annotated[
        Path | None,
        typer.Option(
            help="File with columns id_number,name,phone; may have security_word,email,application_number."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, keep nothing.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Keep the good lines of a file with bad ones.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Enrol a holder. Without a word of their own they get a random one, printed once and stored only as
    a hash.
    """
    with ending_on_faults():
        if csv is not None:
            lines = csvfiles.rows(csv, REQUIRED, OPTIONAL)
            report = csvfiles.import_lines(lines, _take, dry_run=dry_run, skip_bad=skip_bad)
            finish(report, dry_run=dry_run, as_json=as_json)
            return
        given = sys.stdin.readline().strip() if word_stdin else ""
        row = {
            "id_number": id_number,
            "name": name,
            "phone": phone,
            "security_word": given,
            "email": email,
            "application_number": application_number,
        }
        added = csvfiles.import_one(row, _take, dry_run=dry_run)
        if dry_run:
            typer.echo("ok")
            return
        typer.echo(json.dumps(added, ensure_ascii=False) if as_json else _line(added))


@app.command()
def free(
    id_number: Annotated[str, typer.Option(help="The holder's id number.")],
    by: Annotated[
        str, typer.Option("--by", callback=somebody, help="Your name, as it shall stand in the books.")
    ],
) -> None:
    """Open a security word that wrong entries closed, in every browser; the word stays as it is."""
    with ending_on_faults():
        found = queries.by_id_number(id_number)
        if found is None:
            raise HolderUnknown
        words.free(found, by=by, now=timezone.now())
    typer.echo("the word is open again")


for command in (
    call_centre.phone,
    call_centre.email,
    call_centre.allow_sms,
    call_centre.frozen,
    call_centre.unfreeze,
    word.release_word,
    word.new_word,
):
    app.command()(command)


def _take(row: csvfiles.Row) -> dict[str, int | str]:
    """One holder; the word only where we made it."""
    given = row.get("security_word", "").strip()
    its_word = given or security_word.make()
    further = {name: row.get(name, "") for name in ("email", "application_number")}
    entry = HolderEntry(row["id_number"], row["name"], row["phone"], its_word, **further)
    added = services.add_holder(entry, timezone.now())
    answer: dict[str, int | str] = {"holder": added.pk, "id_number": added.id_number}
    return answer if given else answer | {"security_word": its_word}


def _line(added: dict[str, int | str]) -> str:
    made = f"; security word: {added['security_word']}" if "security_word" in added else ""
    return f"holder {added['holder']} added{made}"
