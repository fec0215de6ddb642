"""`kilitcoz ca check | requests | give-up`: the certificate authority elsewhere, spoken to in CMP."""

from __future__ import annotations

from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.utils import timezone

from kilitcoz_portal.ca.cmp import checking, journal
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.cmp.failures import in_words
from kilitcoz_portal.ca.cmp.models import Enrolment
from kilitcoz_portal.ca.cmp.states import FINAL
from kilitcoz_portal.ca.errors import CaRefused
from kilitcoz_portal.cli.ending import ending_on_faults


def check() -> None:
    """Ask the authority elsewhere whether it is there and knows us; nothing is changed by it. Exit status 1
    and what to do where something is wrong.
    """
    with ending_on_faults():
        connection = configured()
        typer.echo(f"authority: {connection.recipient.rfc4514_string()} at {connection.address.url}")
        typer.echo(f"we: {_told(connection.credentials.certificate)}")
        for each in connection.pinned:
            typer.echo(f"believed: {_told(each)}")
        try:
            checking.greet(connection, timezone.now())
        except CaRefused as error:
            for failure in error.failures:
                typer.echo(f"{failure}: {in_words(failure)}", err=True)
            raise
        typer.echo("it answers, and each side believes the other")


def requests() -> None:
    """Requests for certificates that are not finished: how they stand, and how often they were sent."""
    for row in Enrolment.objects.exclude(step__in=FINAL).order_by("pk"):
        since = row.begun_at.isoformat(timespec="seconds")
        counted = f"sent {row.sends}, confirmed {row.confirms}"
        typer.echo(f"{row.request_id} {row.step} since {since}, {counted}, {row.transaction_id} {row.fault}")


def give_up(
    request_id: Annotated[str, typer.Argument(help="The request's id, as `kilitcoz ca requests` shows it.")],
    by: Annotated[str, typer.Option(help="Your name, for the record.")],
) -> None:
    """Say that nothing will come of a request without an answer, after its authority has said so: asked for
    again, another is begun.
    """
    with ending_on_faults():
        journal.give_up(request_id, by, timezone.now())
        typer.echo("given up")


def _told(certificate: x509.Certificate) -> str:
    until = certificate.not_valid_after_utc.date().isoformat()
    print_ = certificate.fingerprint(hashes.SHA256()).hex()
    return f"{certificate.subject.rfc4514_string()}, until {until}, SHA-256 {print_}"
