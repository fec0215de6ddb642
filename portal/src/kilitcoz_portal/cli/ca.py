"""`kilitcoz ca …`: the key ceremony, and what the embedded authority publishes."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone

from kilitcoz_portal.ca import authorities, ceremony, lists
from kilitcoz_portal.cli import ca_elsewhere
from kilitcoz_portal.cli.ending import ending_on_faults
from kilitcoz_portal.hsm.keys import KeyKind

app = typer.Typer(no_args_is_help=True, help="The embedded certificate authority.")


@app.callback()
def ca() -> None:
    """The embedded certificate authority."""


@app.command()
def found(
    organisation_id: Annotated[
        str, typer.Option(help="Registration number as in EN 319 412-1: NTRTR-… or VATTR-….")
    ],
    root_key: Annotated[Path, typer.Option(help="File for the root's private key; put it into a safe.")],
    name: Annotated[str, typer.Option(help="Short name that stands in addresses.")] = "nes",
    pkcs11: Annotated[str, typer.Option(help="Label of a token in which all keys are made.")] = "",
    key: Annotated[KeyKind, typer.Option(help="What the issuing key is.")] = KeyKind.P256,
) -> None:
    """The key ceremony: make root and issuing authority. The passphrase that guards the root's key is read
    from standard input, unless a token does.
    """
    with ending_on_faults():
        passphrase = "" if pkcs11 else _passphrase()
        if len(passphrase) < ceremony.LEAST_PASSPHRASE and not pkcs11:
            typer.echo(f"a passphrase of at least {ceremony.LEAST_PASSPHRASE} characters is needed", err=True)
            raise typer.Exit(2)
        organisation = settings.KILITCOZ_ORGANISATION
        founding = ceremony.Founding(name, organisation, organisation_id, root_key, passphrase, pkcs11, key)
        made = ceremony.found(founding, timezone.now())
        for what, der in (("root", made.root), ("issuing", made.certificate)):
            typer.echo(f"{what}: SHA-256 {hashlib.sha256(bytes(der)).hexdigest()}")
        typer.echo(f"root's private key: {root_key}")


@app.command()
def root_list(
    root_key: Annotated[Path, typer.Option(help="File with the root's private key, from the safe.")],
) -> None:
    """Sign the root's next list, once a year. The passphrase is read from standard input, unless the file
    says that a token has the key.
    """
    with ending_on_faults():
        written = root_key.read_bytes()
        passphrase = "" if ceremony.lies_in_token(written) else _passphrase()
        until = ceremony.renew_root_list(written, passphrase, timezone.now())
        typer.echo(f"root's list until {until.isoformat()}")


def _passphrase() -> str:
    return sys.stdin.readline().strip()


@app.command()
def publish() -> None:
    """Sign and publish a new edition of the CRL now. `kilitcoz sweep` does so by itself every six hours."""
    with ending_on_faults():
        edition = lists.publish_now(timezone.now())
        typer.echo(f"list {edition.number}, until {edition.next_update.isoformat()}")


@app.command()
def certificates(
    folder: Annotated[Path, typer.Argument(help="Folder to write into.")],
) -> None:
    """Write the root's and the issuing authority's certificates as DER files."""
    with ending_on_faults():
        made = authorities.authority()
        folder.mkdir(parents=True, exist_ok=True)
        for name, der in ((ceremony.ROOT, made.root), (made.name, made.certificate)):
            (folder / f"{name}.cer").write_bytes(bytes(der))
            typer.echo(str(folder / f"{name}.cer"))


app.command()(ca_elsewhere.check)
app.command()(ca_elsewhere.requests)
app.command()(ca_elsewhere.give_up)
