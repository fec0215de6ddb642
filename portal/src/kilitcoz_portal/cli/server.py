"""`kilitcoz migrate | serve | sweep | check`: the portal as a program."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import datetime
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from kilitcoz_portal.activation import services as activation
from kilitcoz_portal.applications import services as applications
from kilitcoz_portal.approval import services as consents
from kilitcoz_portal.approval import stamping
from kilitcoz_portal.ca import lists
from kilitcoz_portal.ca.cmp import sweeping
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.errors import CaNotConfigured, NoAuthority
from kilitcoz_portal.certificates import ends as certificates
from kilitcoz_portal.cli.work import sweep_messages
from kilitcoz_portal.operations import expiry
from kilitcoz_portal.operations.keys import keys
from kilitcoz_portal.renewal import reminders
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
    now = timezone.now()
    closed, doubts = expiry.sweep(now), vault.sweep(now)
    messages = sweep_messages(now)
    signin.sweep(now)
    changed = certificates.sweep(now)
    applications.sweep(now)
    activation.sweep(now)
    reminders.sweep(now)
    stamping.stamp_due(now)
    consents.forget_prepared(now)
    _renew_list(now)
    _speak_to_authority(now)
    call_command("clearsessions")
    ours = f"{closed} operations closed, {doubts} secrets in doubt, {changed} certificates changed"
    typer.echo(f"{ours}, {messages}")


def _renew_list(now: datetime) -> None:
    """The CRL, before its end; nothing where the embedded authority is not used."""
    with suppress(NoAuthority):
        lists.publish_if_due(now)


def _speak_to_authority(now: datetime) -> None:
    """What the authority elsewhere is still to be told; it being away stops nothing else."""
    if settings.KILITCOZ_CA != "cmp":
        return
    try:
        left = sweeping.sweep(configured(), now)
    except CaNotConfigured as error:
        typer.echo(str(error), err=True)
    else:
        if left:
            typer.echo(f"{left} messages to the certificate authority are still to be said")


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
