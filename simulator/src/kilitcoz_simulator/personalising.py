"""Making a factory-fresh PIV card ready for a holder by commands alone, as a registrar's desk would.

For cards whose inside we do not know; `issuing.py` is the shorter way for our own. The card must have the
factory's PIN, PUK and 3DES management key (those of extensions.py), and make its keys itself.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.serialization import Encoding

from kilitcoz_cards.conversation import exchange
from kilitcoz_cards.errors import UnexpectedStatus
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.tlv import encode, require
from kilitcoz_simulator.authority import Authority
from kilitcoz_simulator.card import InReader
from kilitcoz_simulator.issuing import (
    AUTHENTICATION,
    CARD_AUTHENTICATION,
    SIGNATURE,
    Holder,
    make_ccc,
    make_chuid,
    make_subject,
    random_digits,
)
from kilitcoz_simulator.piv.application import RID
from kilitcoz_simulator.piv.authenticate import CHALLENGE, MANAGEMENT_KEY, RESPONSE, TDES, TEMPLATE, WITNESS
from kilitcoz_simulator.piv.data_objects import CCC, CERTIFICATE_OF_SLOT, CHUID, certificate_object
from kilitcoz_simulator.piv.extensions import DEFAULT_MANAGEMENT_KEY, DEFAULT_PIN, DEFAULT_PUK
from kilitcoz_simulator.piv.reference_data import Reference
from kilitcoz_simulator.state import pin_block

ECC_P256 = b"\x11"


@dataclass(frozen=True)
class PersonalisedCard:
    """What the issuer keeps of the card. Certificates: slot → certificate."""

    guid: str
    serial: int
    pin: str = field(repr=False)
    puk: str = field(repr=False)
    certificates: dict[int, x509.Certificate]
    issuer: x509.Certificate


def personalise(
    card: InReader,
    holder: Holder,
    *,
    serial: int,
    now: datetime,
    slots: Iterable[int] = (AUTHENTICATION, SIGNATURE, CARD_AUTHENTICATION),
) -> PersonalisedCard:
    """CHUID, P-256 keys made on the card, their certificates, a random PIN and PUK (8 digits).

    Powers the card and turns it off again. Raises CardsError.
    """
    guid, pin, puk = secrets.token_bytes(16), random_digits(6), random_digits(8)
    authority = Authority(now)
    host = _Host(card)
    card.power_on()
    try:
        host.ask("SELECT", 0xA4, 0x04, 0x00, RID)
        host.authenticate()
        host.put_data(CHUID, make_chuid(guid))
        host.put_data(CCC, make_ccc(guid))
        certificates = {}
        for slot in slots:
            subject = make_subject(holder, serial, slot)
            public_key = host.generate(slot)
            certificates[slot] = authority.certify(subject, public_key, non_repudiation=slot == SIGNATURE)
            der = certificates[slot].public_bytes(Encoding.DER)
            host.put_data(CERTIFICATE_OF_SLOT[slot], certificate_object(der))
        host.change(Reference.PIN, DEFAULT_PIN, pin_block(pin))
        host.change(Reference.PUK, DEFAULT_PUK, pin_block(puk))
    finally:
        card.power_off()
    return PersonalisedCard(guid.hex(), serial, pin, puk, certificates, authority.certificate)


class _Host:
    """The desk's side of the commands."""

    def __init__(self, card: InReader) -> None:
        self._card = card

    def ask(self, name: str, ins: int, p1: int, p2: int, data: bytes = b"") -> bytes:
        """One command in short length, chained where needed; its answer. UnexpectedStatus unless 9000."""
        response = exchange(CommandApdu(0x00, ins, p1, p2, data, ne=256), self._card.transmit, extended=False)
        if not response.sw.is_success:
            raise UnexpectedStatus(name, response.sw)
        return response.data

    def authenticate(self) -> None:
        """The factory's management key, card and desk proving it to each other."""
        cipher = Cipher(TripleDES(DEFAULT_MANAGEMENT_KEY.value), modes.ECB())  # noqa: S305  (the standard's)
        witness = require(self._general_authenticate(encode(WITNESS, b"")), TEMPLATE, WITNESS)
        decryptor = cipher.decryptor()
        plain = decryptor.update(witness) + decryptor.finalize()
        proof = encode(WITNESS, plain) + encode(CHALLENGE, secrets.token_bytes(8))
        require(self._general_authenticate(proof), TEMPLATE, RESPONSE)

    def put_data(self, tag: int, content: bytes) -> None:
        """PUT DATA."""
        name = tag.to_bytes(3, "big")
        self.ask("PUT DATA", 0xDB, 0x3F, 0xFF, encode(0x5C, name) + encode(0x53, content))

    def generate(self, slot: int) -> ec.EllipticCurvePublicKey:
        """GENERATE ASYMMETRIC KEY PAIR on P-256."""
        answer = self.ask("GENERATE", 0x47, 0x00, slot, encode(0xAC, encode(0x80, ECC_P256)))
        point = require(answer, 0x7F49, 0x86)
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)

    def change(self, reference: Reference, old: bytes, new: bytes) -> None:
        """CHANGE REFERENCE DATA."""
        self.ask("CHANGE REFERENCE DATA", 0x24, 0x00, reference, old + new)

    def _general_authenticate(self, content: bytes) -> bytes:
        return self.ask("GENERAL AUTHENTICATE", 0x87, TDES, MANAGEMENT_KEY, encode(TEMPLATE, content))
