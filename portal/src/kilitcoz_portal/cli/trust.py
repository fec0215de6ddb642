"""`kilitcoz trust list | add | check`: whose certificates are believed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.db import transaction
from django.utils import timezone

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.cli.ending import ending_on_faults
from kilitcoz_portal.trust import examination, keeping
from kilitcoz_portal.trust.errors import TrustError
from kilitcoz_portal.trust.policy import TrustPolicy, Usage

app = typer.Typer(no_args_is_help=True, help="Whose certificates are believed.")


@app.callback()
def trust() -> None:
    """The trust folder: authorities, and their lists."""


@app.command(name="list")
def list_() -> None:
    """Everything in the trust folder, a line each; what does not count any more says so."""
    policy = TrustPolicy.of_settings()
    typer.echo(f"folder: {policy.folder}")
    found = list(keeping.entries(policy.folder, timezone.now()))
    for entry in found:
        typer.echo(str(entry))
    if not any(entry.part == "anchors" and entry.counts for entry in found):
        typer.echo("no anchor: nobody can log in with a certificate")


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Certificates of authorities or CRLs, PEM or DER.")],
    anchor: Annotated[
        bool, typer.Option("--anchor", help="Paths may end at it, although another authority signed it.")
    ] = False,
) -> None:
    """Put authorities and their CRLs into the trust folder. Compare the fingerprint with the issuer's own."""
    policy, now = TrustPolicy.of_settings(), timezone.now()
    with ending_on_faults():
        for file in files:
            with transaction.atomic():
                for added in keeping.add(policy.folder, file.read_bytes(), now, anchor=anchor):
                    typer.echo(str(added))
                    detail: audit.Detail = {"part": added.part, "sha256": added.sha256}
                    audit.record(Event.TRUST_ADDED, now=now, detail=detail)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Somebody's certificate, PEM (with its chain) or DER.")],
    usage: Annotated[Usage, typer.Option(help="What its key is to be used for.")] = Usage.AUTHENTICATION,
) -> None:
    """Judge a certificate as a login would, step by step; exit status 1 where it would be refused."""
    with ending_on_faults():
        try:
            for step in examination.steps(file.read_bytes(), usage, timezone.now()):
                typer.echo(f"ok  {step}")
        except TrustError as refusal:
            typer.echo(f"NO  {refusal}{f' ({refusal.sentence})' if refusal.sentence else ''}", err=True)
            raise typer.Exit(1) from None
