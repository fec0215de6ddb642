"""The demo's certificate authority: the key ceremony, and a card made elsewhere certified and opened as staff
does it.
"""

import re
from dataclasses import replace
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.cast import OPERATOR, REGISTRAR, SECOND_OPERATOR, Person
from demo.stack import Portal
from kilitcoz_simulator.issuing import IssuedCard
from kilitcoz_simulator.piv.data_objects import CERTIFICATE_OF_SLOT, certificate_object

PASSPHRASE = "denemelik bir parola"  # noqa: S105 - of a root that is the demo's own invention
ORGANISATION_ID = "NTRTR-0000001"


def found(portal: Portal, folder: Path) -> None:
    """Root and issuing authority, believed by the portal itself. Raises ChildFailedError."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--organisation-id", ORGANISATION_ID, "--root-key", str(folder / "root-key.pem")]
    portal.command("ca", "found", *options, typed=f"{PASSPHRASE}\n")
    written = portal.command("ca", "certificates", str(folder)).split()
    portal.command("trust", "add", *written)


def certify(portal: Portal, person: Person, issued: IssuedCard, folder: Path) -> IssuedCard:
    """The card's keys certified and its PUK in the vault; the certificates are on the card that is returned.

    Raises ChildFailedError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    options = [
        "--id-number",
        person.id_number,
        "--card-id",
        issued.guid,
        "--serial",
        str(issued.state.serial),
    ]
    for slot, certificate in issued.certificates.items():
        path = folder / f"{slot:02x}.pem"
        key = certificate.public_key()
        path.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        options += ["--key", f"{slot:02x}={path}"]
    options += ["--to", str(folder), "--by", REGISTRAR, "--puk-stdin"]
    portal.command("card", "certify", *options, typed=f"{issued.puk}\n")
    return _written(issued, folder)


def open_for_use(portal: Portal, issued: IssuedCard) -> None:
    """Its holder has the PIN already (and forgot it): two operators open it. Raises ChildFailedError."""
    why = ["--by", OPERATOR, "--why", "kart elden verildi"]
    asked = portal.command("certificate", "open", f"piv:{issued.guid}", *why)
    number = re.search(r"approve (\d+)", asked)
    assert number is not None, asked
    portal.command("certificate", "approve", number[1], "--by", SECOND_OPERATOR)


def _written(issued: IssuedCard, folder: Path) -> IssuedCard:
    """As whoever made the card writes the certificates on it."""
    state, certificates = issued.state, {}
    for slot in issued.certificates:
        der = (folder / f"{slot:02x}.cer").read_bytes()
        certificates[slot] = x509.load_der_x509_certificate(der)
        state = state.with_object(CERTIFICATE_OF_SLOT[slot], certificate_object(der))
    return replace(issued, state=state, certificates=certificates)
