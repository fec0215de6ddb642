"""The demo's card: a virtual PIV card, made for one person and blocked the way people block cards."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from demo.cast import Person
from kilitcoz_cards.iso7816 import CommandApdu, ResponseApdu
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.issuing import CardOrder, Holder, issue
from kilitcoz_simulator.profile import YUBIKEY, Profile
from kilitcoz_simulator.state import CardState, pin_block

PIV = CommandApdu(0x00, 0xA4, 0x04, 0x00, bytes.fromhex("a000000308"))
PIN_REFERENCE = 0x80  # SP 800-73-4 part 1, table 4b


@dataclass(frozen=True)
class EnrolledCard:
    """What the issuer noted of a card when it was handed out. Certificates: slot in hex → DER."""

    family: str
    card_id: str
    serial: str
    certificates: dict[str, bytes]
    pin: str = field(repr=False)
    puk: str = field(repr=False)

    def write_certificates(self, folder: Path) -> list[Path]:
        """One PEM file per slot, e.g. `9e.pem`, as `kilitcoz card adopt` reads them."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for slot, der in self.certificates.items():
            path = folder / f"{slot}.pem"
            path.write_bytes(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
            paths.append(path)
        return paths


def make_card(
    person: Person, *, profile: Profile = YUBIKEY, **order: object
) -> tuple[CardState, EnrolledCard]:
    """A new card for `person`, working, with a random PIN and PUK; and the issuer's note of it."""
    issued = issue(
        CardOrder(Holder(person.name, person.id_number), profile=profile, **order),  # type: ignore[arg-type]
        now=datetime.now(UTC),
    )
    certificates = {
        f"{slot:02x}": each.public_bytes(Encoding.DER) for slot, each in issued.certificates.items()
    }
    note = EnrolledCard("piv", issued.guid, str(issued.state.serial), certificates, issued.pin, issued.puk)
    return issued.state, note


def block_pin(card: Card, pin: str) -> None:
    """Types wrong PINs until the card says 6983, as a holder who forgot does."""
    card.power_on()
    card.transmit(PIV.to_bytes())
    wrong = next(guess for guess in ("111111", "222222") if guess != pin)
    verify = CommandApdu(0x00, 0x20, 0x00, PIN_REFERENCE, pin_block(wrong)).to_bytes()
    while ResponseApdu.from_bytes(card.transmit(verify)).sw != 0x6983:
        pass
    card.power_off()


def pin_is_blocked(state: CardState) -> bool:
    """As the card itself counts."""
    return state.pin.retries_left == 0
