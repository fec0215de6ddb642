"""`kilitcoz migrate | serve | sweep | check`: the portal as a program."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from kilitcoz_portal.cli.work import sweep_messages
from kilitcoz_portal.operations import expiry
from kilitcoz_portal.operations.keys import keys
from kilitcoz_portal.signin import expiry as signin
from kilitcoz_portal.vault import services as vault

THREADS = 16  # each has its own database connection; Argon2id and HPKE leave the interpreter's lock
CONNECTIONS = (
    2048  # granian counts connections, open ones that rest among them: they must not keep others out
)


def migrate() -> None:
    """Bring the database to this version's form."""
    call_command("migrate", interactive=False, verbosity=1)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes; more than one needs PostgreSQL.")] = 1,
) -> None:
    """Serve the portal until stopped; what an earlier process left behind is settled first (R7)."""
    sweep()
    connections.close_all()
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": str(THREADS),
        "--backpressure": str(CONNECTIONS),
    }
    arguments = [part for option in options.items() for part in option]
    arguments += ["--no-ws", "--respawn-failed-workers", "kilitcoz_portal.config.wsgi:application"]
    # In this process's place, so that the one which only watches over workers holds no Django of its own.
    os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments])  # noqa: S606 - our own program


def sweep() -> None:
    """Close late operations and sessions, put releases and messages without a result in doubt, watch over SMS
    codes, do what is due to certificates, end applications that nobody checks, stamp consents, renew
    the CRL. Run it each minute.
    """
    from kilitcoz_portal.cli import due

    now = timezone.now()
    closed, doubts = expiry.sweep(now), vault.sweep(now)
    messages = sweep_messages(now)
    signin.sweep(now)
    changed = due.sweep(now)
    call_command("clearsessions")
    ours = f"{closed} operations closed, {doubts} secrets in doubt, {changed} certificates changed"
    typer.echo(f"{ours}, {messages}")


def check() -> None:
    """Settings, database, migrations and key files: exit status 1 and what to do where something is wrong.

    Where all is well, the fingerprint that `kilitcoz-agent trust` must show on holders' PCs.
    """
    from kilitcoz_portal.cli.checks import faults

    found = faults()
    for fault in found:
        typer.echo(fault, err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(f"ready\nfingerprint: {keys().fingerprint}")
