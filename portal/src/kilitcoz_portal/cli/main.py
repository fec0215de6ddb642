"""`kilitcoz`: every command, grouped; each lives in a file of its own."""

from __future__ import annotations

from typing import Annotated

import django
import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def prepare() -> None:
    """Kilitçöz portal: operate it from here."""
    django.setup()


@app.command()
def migrate() -> None:
    """Bring the database to this version's form."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes; more than one needs PostgreSQL.")] = 1,
) -> None:
    """Serve the portal (granian, WSGI) until stopped."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "kilitcoz_portal.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
    ).serve()
