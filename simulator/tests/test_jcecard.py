"""A card that nobody here wrote, made ready by commands alone."""

import logging
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from kilitcoz_cards.tlv import encode, require
from kilitcoz_simulator import Card, Holder, block_pin, issue
from kilitcoz_simulator.issuing import CardOrder
from kilitcoz_simulator.jcecard_card import make_jcecard_for
from kilitcoz_simulator.personalising import personalise

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
AYSE = Holder("Ayşe Yılmaz")
DIGEST = bytes(range(32))
pytestmark = pytest.mark.filterwarnings("ignore:TripleDES")


class Stranger:
    """Speaks to any card in single commands."""

    def __init__(self, card):
        self.card = card
        card.power_on()
        self.ask("00a4040005a000000308")

    def ask(self, command, data=b""):
        return self.card.transmit(bytes.fromhex(command) + data)


@pytest.fixture
def made():
    return make_jcecard_for(AYSE, serial=10024821, now=NOW)


def test_it_is_ready_for_its_holder(made):
    card, kept = made
    host = Stranger(card)
    assert host.ask("0020008008", kept.pin.encode() + b"\xff\xff") == b"\x90\x00"
    chuid = host.ask("00cb3fff055c035fc10200")[:-2]
    assert require(chuid, 0x53, 0x34).hex() == kept.guid


def test_its_card_key_proves_it_against_the_certificate(made):
    card, kept = made
    data = encode(0x7C, encode(0x82, b"") + encode(0x81, DIGEST))
    answer = Stranger(card).ask(f"0087119e{len(data):02x}", data + b"\x00")
    signed = require(answer[:-2], 0x7C, 0x82)
    kept.certificates[0x9E].public_key().verify(signed, DIGEST, ec.ECDSA(Prehashed(hashes.SHA256())))


def test_it_blocks_and_is_unblocked_by_its_puk(made):
    card, kept = made
    assert block_pin(card) == 3
    host = Stranger(card)
    assert host.ask("0020008008", kept.pin.encode() + b"\xff\xff") == b"\x69\x83"
    assert host.ask("002c008010", kept.puk.encode() + b"161803\xff\xff") == b"\x90\x00"
    assert host.ask("0020008008", b"161803\xff\xff") == b"\x90\x00"


def test_its_long_answers_are_parted_for_short_commands(made):
    host = Stranger(made[0])
    first = host.ask("00cb3fff055c035fc10500")
    assert (len(first), first[-2]) == (258, 0x61)
    rest = host.ask("00c0000000")
    assert require(first[:-2] + rest[:-2], 0x53, 0x70)


def test_it_logs_no_secret_and_leaves_the_root_logger_alone(made, caplog, capsys):
    card, kept = made
    before = logging.getLogger().handlers[:]
    with caplog.at_level(logging.DEBUG):
        Stranger(card).ask("0020008008", kept.pin.encode() + b"\xff\xff")
    printed = capsys.readouterr()
    assert (caplog.text, printed.out, printed.err) == ("", "", "")
    assert logging.getLogger().handlers == before


def test_our_own_card_can_be_made_ready_by_commands_too():
    fresh = issue(CardOrder(AYSE, pin="123456", puk="12345678", keys={}), now=NOW)
    card = Card(fresh.state)
    kept = personalise(card, AYSE, serial=fresh.state.serial, now=NOW)
    assert Stranger(card).ask("0020008008", kept.pin.encode() + b"\xff\xff") == b"\x90\x00"
    assert set(kept.certificates) == {0x9A, 0x9C, 0x9E}
