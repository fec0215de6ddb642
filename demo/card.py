"""Cards for the demo and the tests: made for one person, and the issuer's note of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from demo.cast import Person
from kilitcoz_simulator.issuing import CardOrder, Holder, IssuedCard, issue
from kilitcoz_simulator.profile import YUBIKEY, Profile


@dataclass(frozen=True)
class EnrolledCard:
    """What an issuer knows of a card that was handed out: the input of `kilitcoz card adopt`."""

    family: str
    card_id: str
    serial: str
    certificates: dict[str, x509.Certificate]  # by slot, two hex digits
    pin: str = field(repr=False)
    puk: str = field(repr=False)

    def write_certificates(self, folder: Path) -> list[Path]:
        """One PEM file per slot, e.g. `9e.pem`."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{slot}.pem" for slot in self.certificates]
        for path, certificate in zip(paths, self.certificates.values(), strict=True):
            path.write_bytes(certificate.public_bytes(Encoding.PEM))
        return paths


def make_card(person: Person, *, profile: Profile = YUBIKEY, serial: int | None = None) -> IssuedCard:
    """A new working card for `person`, with keys, certificates, and a random PIN and PUK."""
    order = CardOrder(Holder(person.name, person.id_number), serial=serial, profile=profile)
    return issue(order, now=datetime.now(UTC))


def note_of(card: IssuedCard) -> EnrolledCard:
    """What the issuer keeps of it."""
    certificates = {f"{slot:02x}": certificate for slot, certificate in card.certificates.items()}
    return EnrolledCard("piv", card.guid, str(card.state.serial), certificates, card.pin, card.puk)
