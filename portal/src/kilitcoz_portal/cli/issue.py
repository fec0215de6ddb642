"""`kilitcoz issue …`: the registrar's desk: batches of cards, their progress, their labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils import timezone

from kilitcoz_portal.applications import queries as applications
from kilitcoz_portal.cli.ending import ending_on_faults
from kilitcoz_portal.cli.somebody import somebody
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.errors import HolderUnknown
from kilitcoz_portal.issuance import labels as printing
from kilitcoz_portal.issuance import queries, services
from kilitcoz_portal.issuance.errors import ApplicationNotReady
from kilitcoz_portal.issuance.models import Batch, Job, State
from kilitcoz_portal.issuance.services import Desk, Wanted

app = typer.Typer(no_args_is_help=True, help="Making cards at the registrar's desk.")

By = Annotated[
    str, typer.Option("--by", callback=somebody, help="Your name, as it shall stand in the books.")
]
BatchNumber = Annotated[int, typer.Argument(metavar="BATCH", help="The batch's number.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def issue() -> None:
    """Cards: from an approved application to a card that is ready to be handed over."""


@app.command("batch")
def open_batch(
    by: By,
    application: Annotated[
        list[str] | None,
        typer.Argument(help="Numbers of approved applications; without any, all that await a card."),
    ] = None,
    holder: Annotated[
        list[str] | None,
        typer.Option(help="ID number of a holder who gets a card without an application. May be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Open a batch and the desk for it: prints the pairing code and the link for the card service."""
    with ending_on_faults():
        now = timezone.now()
        wanted = _without_application(holder) if holder else _of_applications(application or [])
        batch = services.open_batch(wanted, by, now)
        _tell(services.open_desk(batch.pk, by, "tr", now), as_json=as_json)


@app.command()
def desk(batch: BatchNumber, by: By, as_json: AsJson = False) -> None:
    """Open the desk again for a batch that is not finished; a desk that was open for it is closed."""
    with ending_on_faults():
        _tell(services.open_desk(batch, by, "tr", timezone.now()), as_json=as_json)


@app.command("list")
def list_batches(
    all_of_them: Annotated[bool, typer.Option("--all", help="Also those that are finished.")] = False,
    as_json: AsJson = False,
) -> None:
    """Batches, the oldest first: how many cards, how many are made."""
    rows = [_facts(each) for each in queries.batches(all_of_them=all_of_them)]
    if as_json:
        typer.echo(json.dumps(rows, default=str, ensure_ascii=False))
        return
    for row in rows:
        opened = f"{row['opened_at']:%Y-%m-%d %H:%M}"
        typer.echo(f"{row['batch']}  {opened}  {row['done']} of {row['cards']}  {row['opened_by']}")


@app.command()
def show(batch: BatchNumber, as_json: AsJson = False) -> None:
    """One batch, card by card."""
    with ending_on_faults():
        jobs = [_job(each) for each in queries.jobs(queries.batch(batch))]
        if as_json:
            typer.echo(json.dumps(jobs, default=str, ensure_ascii=False))
            return
        for job in jobs:
            typer.echo(
                f"{job['place']}  {job['state']:9}  {job['card'] or '-':6}  {job['application'] or '-':14}"
                f"  {job['name']}"
            )


@app.command()
def labels(
    batch: BatchNumber,
    to: Annotated[Path, typer.Argument(help="The PDF to write.")],
) -> None:
    """Labels for the cards of a batch that are made: name, last four, application. Nothing secret."""
    with ending_on_faults():
        to.write_bytes(printing.pdf(queries.batch(batch), timezone.now()))
        typer.echo(f"labels: {to}")


@app.command()
def cancel(
    batch: BatchNumber,
    by: By,
    card: Annotated[
        int | None, typer.Option(min=1, help="Only this card, by its place in the batch.")
    ] = None,
) -> None:
    """Make no more of a batch, or one of its cards no more. Certificates made for it are revoked."""
    with ending_on_faults():
        typer.echo(f"cancelled: {services.cancel(batch, card, by, timezone.now())}")


def _of_applications(numbers: list[str]) -> list[Wanted]:
    """By their numbers, or all that await a card. Raises ApplicationUnknown, ApplicationNotReady."""
    ready = {each.number: each for each in applications.approved()}
    if not numbers:
        return services.waiting(list(ready.values()))
    chosen = [applications.by_number(number) for number in numbers]
    if any(each.number not in ready for each in chosen):
        raise ApplicationNotReady
    return services.waiting([ready[each.number] for each in chosen], all_of_them=True)


def _without_application(id_numbers: list[str]) -> list[Wanted]:
    """Raises HolderUnknown."""
    found = [holders.by_id_number(each) for each in id_numbers]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        raise HolderUnknown
    return [Wanted(each) for each in known]


def _tell(desk: Desk, *, as_json: bool) -> None:
    """The doors. The code and the link are good for one card service and ten minutes."""
    code, batch = desk.doors.pairing_code, desk.batch.pk
    link = f"http://127.0.0.1:{settings.KILITCOZ_AGENT_PORT}/#cap={desk.doors.capability}"
    if as_json:
        typer.echo(
            json.dumps({"batch": batch, "pairing_code": code, "link": link, "number": desk.doors.number})
        )
        return
    typer.echo(f"batch: {batch}")
    typer.echo(f"pairing code (ten minutes, once): {code[:4]} {code[4:]}")
    typer.echo(f"or open: {link}")
    typer.echo(f"number to compare: {desk.doors.number}")


def _facts(batch: Batch) -> dict[str, Any]:
    jobs = queries.jobs(batch)
    return {
        "batch": batch.pk,
        "opened_at": batch.opened_at,
        "opened_by": batch.opened_by,
        "closed_at": batch.closed_at,
        "cards": len(jobs),
        "done": sum(job.state == State.DONE for job in jobs),
    }


def _job(job: Job) -> dict[str, Any]:
    return {
        "place": job.place,
        "state": job.state,
        "name": job.holder.name,
        "application": job.application.number if job.application is not None else None,
        "card": f"…{job.last_four}" if job.card is not None else None,
        "finished_at": job.finished_at,
    }
