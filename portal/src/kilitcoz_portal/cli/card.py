"""`kilitcoz card adopt | certify`: cards that were not made at our desk, their PUK known. The PUK comes by
prompt, pipe or file, never by argument.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)
from django.db import transaction
from django.utils import timezone

from kilitcoz_cards.pin import Puk
from kilitcoz_portal.certificates.actors import registrar
from kilitcoz_portal.cli import csvfiles
from kilitcoz_portal.cli.ending import ending_on_faults, finish
from kilitcoz_portal.cli.somebody import somebody
from kilitcoz_portal.holders import services as holders
from kilitcoz_portal.holders.errors import CertificateInvalid
from kilitcoz_portal.holders.services import CardEntry
from kilitcoz_portal.issuance import elsewhere as issue
from kilitcoz_portal.issuance.elsewhere import MadeElsewhere
from kilitcoz_portal.vault import services as vault

app = typer.Typer(no_args_is_help=True, help="Cards.")

REQUIRED = ("id_number", "family", "card_id", "puk")
OPTIONAL = ("serial", "certificates")


@app.callback()
def card() -> None:
    """Cards: what is in holders' hands."""


@app.command()
def adopt(  # noqa: PLR0913, PLR0917 - typer's parameters are the command's options
    id_number: Annotated[str, typer.Option(help="The holder's id number.")] = "",
    family: Annotated[str, typer.Option(help="Card family.")] = "piv",
    card_id: Annotated[str, typer.Option(help="The card's identifier; PIV: the CHUID's GUID, hex.")] = "",
    serial: Annotated[str, typer.Option(help="Serial number, decimal, if the card has one.")] = "",
    certificate: Annotated[
        list[str] | None, typer.Option(help="slot=file, PEM or DER, e.g. 9e=card.pem; several times.")
    ] = None,
    puk_file: Annotated[Path | None, typer.Option(help="File with the PUK in its first line.")] = None,
    puk_stdin: Annotated[bool, typer.Option("--puk-stdin", help="Read the PUK from standard input.")] = False,
    csv: Annotated[
        Path | None,
        typer.Option(
            help="File with columns id_number,family,card_id,puk and, if need be, serial, certificates "
            "(slot=file slot=file, beside the CSV file)."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, keep nothing.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Keep the good lines of a file with bad ones.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Enrol a holder's card and give its PUK to the vault; the first unlock replaces that PUK."""
    with ending_on_faults():
        if csv is not None:
            lines = csvfiles.rows(csv, REQUIRED, OPTIONAL)
            report = csvfiles.import_lines(
                lines,
                lambda row: _take(row, row.get("certificates", "").split(), csv.parent),
                dry_run=dry_run,
                skip_bad=skip_bad,
            )
            finish(report, dry_run=dry_run, as_json=as_json)
            return
        puk = _puk(puk_file, puk_stdin=puk_stdin)
        row = {"id_number": id_number, "family": family, "card_id": card_id, "serial": serial, "puk": puk}
        one = csvfiles.import_one(row, lambda row: _take(row, certificate or [], Path()), dry_run=dry_run)
        typer.echo(json.dumps(one) if as_json else ("ok" if dry_run else f"card {one['card']} adopted"))


@app.command()
def certify(  # noqa: PLR0913, PLR0917 - typer's parameters are the command's options
    id_number: Annotated[str, typer.Option(help="The holder's id number.")],
    card_id: Annotated[str, typer.Option(help="The card's identifier; PIV: the CHUID's GUID, hex.")],
    key: Annotated[
        list[str],
        typer.Option(
            help="slot=file of a public key made on the card, PEM or DER, e.g. 9c=sign.pem; several."
        ),
    ],
    to: Annotated[Path, typer.Option(help="Folder for the certificates, to be written on the card.")],
    by: Annotated[
        str, typer.Option("--by", callback=somebody, help="Your name, as it shall stand in the books.")
    ],
    family: Annotated[str, typer.Option(help="Card family.")] = "piv",
    serial: Annotated[str, typer.Option(help="Serial number, decimal, if the card has one.")] = "",
    institution: Annotated[
        str, typer.Option(help="The holder's institution, where it is for its work.")
    ] = "",
    puk_file: Annotated[Path | None, typer.Option(help="File with the PUK in its first line.")] = None,
    puk_stdin: Annotated[bool, typer.Option("--puk-stdin", help="Read the PUK from standard input.")] = False,
) -> None:
    """Enrol a card whose keys were made elsewhere, and certify them. Its certificates wait to be opened: by
    its holder, or by two operators where the holder has a PIN already (kilitcoz certificate).
    """
    with ending_on_faults():
        entry = CardEntry(id_number, family.strip(), card_id, serial)
        puk = Puk.from_text(_puk(puk_file, puk_stdin=puk_stdin))
        made = MadeElsewhere(entry, _public_keys(key), puk, institution)
        to.mkdir(parents=True, exist_ok=True)
        for slot, der in issue.certify(made, registrar(by), timezone.now()).items():
            (to / f"{slot}.cer").write_bytes(der)
            typer.echo(str(to / f"{slot}.cer"))


def _public_keys(listed: list[str]) -> dict[str, bytes]:
    """`slot=file` each. Raises CertificateInvalid."""
    found = {}
    for slot, raw in _certificates(listed, Path()).items():
        try:
            pem = raw.lstrip().startswith(b"-----BEGIN")
            key = load_pem_public_key(raw) if pem else load_der_public_key(raw)
        except (ValueError, UnsupportedAlgorithm):
            raise CertificateInvalid from None
        found[slot.lower()] = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return found


def _puk(file: Path | None, *, puk_stdin: bool) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").partition("\n")[0].strip()
    if puk_stdin:
        return sys.stdin.readline().strip()
    typed: str = typer.prompt("PUK", hide_input=True)
    return typed.strip()


def _take(row: csvfiles.Row, certificates: list[str], folder: Path) -> dict[str, int | str]:
    """One card with its secret, in one transaction."""
    entry = CardEntry(
        id_number=row["id_number"],
        family=row["family"].strip(),
        card_id=row["card_id"],
        serial=row.get("serial", ""),
        certificates=_certificates(certificates, folder),
    )
    now = timezone.now()
    with transaction.atomic():
        added = holders.add_card(entry, now)
        vault.adopt(added.ref, added.family, Puk.from_text(row["puk"].strip()), now)
    return {"card": added.pk, "card_ref": added.ref}


def _certificates(listed: list[str], folder: Path) -> dict[str, bytes]:
    """`slot=file` each, files relative to `folder`. Raises CertificateInvalid."""
    found: dict[str, bytes] = {}
    for part in listed:
        slot, _, name = part.partition("=")
        try:
            found[slot.strip()] = (folder / name.strip()).read_bytes()
        except OSError:
            raise CertificateInvalid from None
    return found
