"""The cast and the tools of these tests: Ayşe's card, and a host that speaks to it in single commands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from kilitcoz_cards.conversation import exchange
from kilitcoz_cards.iso7816 import CommandApdu, ResponseApdu
from kilitcoz_cards.tlv import encode, require
from kilitcoz_simulator import Card, CardOrder, CardState, FaultPlan, Holder, IssuedCard, issue
from kilitcoz_simulator.state import ManagementKey, pin_block

PIN, PUK = "271828", "31415926"
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
AYSE = Holder("Ayşe Yılmaz", "10000000146")


class Host:
    """A program that talks to one powered card, one command at a time."""

    def __init__(self, card: Card) -> None:
        self.card = card

    def send(self, ins: int, p1: int, p2: int, data: bytes = b"", *, ne: int = 256) -> ResponseApdu:
        """One command, in extended length or chained where it needs it."""
        command = CommandApdu(0x00, ins, p1, p2, data, ne)
        extended = self.card.state.profile.extended_length and not command.fits_short
        return exchange(command, self.card.transmit, extended=extended)

    def select(self) -> ResponseApdu:
        """SELECT PIV by its registered identifier."""
        return self.send(0xA4, 0x04, 0x00, bytes.fromhex("a000000308"))

    def verify(self, pin: str) -> int:
        """VERIFY; the status word."""
        return self.send(0x20, 0x00, 0x80, pin_block(pin), ne=0).sw

    def pin_status(self) -> int:
        """VERIFY without data; the status word."""
        return self.send(0x20, 0x00, 0x80, ne=0).sw

    def change(self, reference: int, old: str, new: str) -> int:
        """CHANGE REFERENCE DATA; the status word."""
        return self.send(0x24, 0x00, reference, pin_block(old) + pin_block(new), ne=0).sw

    def unblock(self, puk: str, new_pin: str) -> int:
        """RESET RETRY COUNTER; the status word."""
        return self.send(0x2C, 0x00, 0x80, pin_block(puk) + pin_block(new_pin), ne=0).sw

    def get_data(self, tag: int) -> ResponseApdu:
        """GET DATA, all of it at once."""
        name = tag.to_bytes((tag.bit_length() + 7) // 8, "big")
        return self.send(0xCB, 0x3F, 0xFF, encode(0x5C, name), ne=65536)

    def use_key(self, slot: int, algorithm: int, block: bytes, *, tag: int = 0x81) -> ResponseApdu:
        """GENERAL AUTHENTICATE: a signature (81) or a key agreement (85)."""
        data = encode(0x7C, encode(0x82, b"") + encode(tag, block))
        return self.send(0x87, algorithm, slot, data, ne=65536)

    def authenticate(self, key: ManagementKey) -> int:
        """Mutual authentication with the management key; the last status word."""
        algorithm = TripleDES(key.value) if key.algorithm == 0x03 else algorithms.AES(key.value)
        cipher = Cipher(algorithm, modes.ECB())
        answer = self.send(0x87, key.algorithm, 0x9B, bytes.fromhex("7c028000"))
        if not answer.sw.is_success:
            return answer.sw
        witness = require(answer.data, 0x7C, 0x80)
        decryptor = cipher.decryptor()
        plain = decryptor.update(witness) + decryptor.finalize()
        challenge = bytes(len(witness))
        data = encode(0x7C, encode(0x80, plain) + encode(0x81, challenge))
        answer = self.send(0x87, key.algorithm, 0x9B, data)
        if answer.sw.is_success:
            encryptor = cipher.encryptor()
            assert require(answer.data, 0x7C, 0x82) == encryptor.update(challenge) + encryptor.finalize()
        return answer.sw


@pytest.fixture(scope="session")
def issued() -> IssuedCard:
    """Ayşe's card as it was handed out."""
    return issue(CardOrder(AYSE, serial=10024821, pin=PIN, puk=PUK), now=NOW)


@pytest.fixture(scope="session")
def state(issued: IssuedCard) -> CardState:
    """Its state, which nothing can change."""
    return issued.state


@pytest.fixture
def card(state: CardState) -> Card:
    """Ayşe's card, powered."""
    card = Card(state)
    card.power_on()
    return card


@pytest.fixture
def host(card: Card) -> Host:
    """A host that has selected PIV on Ayşe's card."""
    host = Host(card)
    host.select()
    return host


@pytest.fixture
def host_of(state: CardState) -> Callable[..., Host]:
    """A host at a variant of Ayşe's card: `host_of(faults=…, profile=…, pin=…)`."""

    def make(*, faults: FaultPlan | None = None, **changes: object) -> Host:
        card = Card(replace(state, **changes), faults=faults)
        card.power_on()
        host = Host(card)
        host.select()
        return host

    return make
