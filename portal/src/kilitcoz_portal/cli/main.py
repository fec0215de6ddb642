"""`kilitcoz`: every command, grouped; each group lives in a file of its own."""

from __future__ import annotations

import typer

from kilitcoz_portal.cli import (
    application,
    ca,
    card,
    certificate,
    holder,
    issue,
    ocsp,
    server,
    signature,
    trust,
    vault,
    work,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def kilitcoz() -> None:
    """Kilitçöz portal: operate it from here."""


for command in (
    server.migrate,
    server.serve,
    signature.serve_signature,
    ocsp.serve_ocsp,
    work.work,
    server.sweep,
    server.check,
):
    app.command()(command)
app.add_typer(application.app, name="application")
app.add_typer(issue.app, name="issue")
app.add_typer(holder.app, name="holder")
app.add_typer(card.app, name="card")
app.add_typer(certificate.app, name="certificate")
app.add_typer(trust.app, name="trust")
app.add_typer(vault.app, name="vault")
app.add_typer(ca.app, name="ca")
