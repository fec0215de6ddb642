"""The same story with a card that nobody here wrote: the PIV half of PyPI's jcecard, behind a bridge."""

from datetime import UTC, datetime

import pytest
from demo.card import EnrolledCard
from playwright.sync_api import Page

from e2e.installation import Enrolled, Installation, person
from e2e.third_party import pin_is_accepted, puk_is_accepted
from e2e.walk import Walk
from kilitcoz_cards.iso7816 import ResponseApdu
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.card import InReader
from kilitcoz_simulator.issuing import Holder
from kilitcoz_simulator.jcecard_card import make_jcecard
from kilitcoz_simulator.personalising import personalise

NEW_PIN = "60274193"
SELECT_PIV = bytes.fromhex("00a4040005a000000308")
GET_SERIAL = bytes.fromhex("00f8000000")  # the vendor's command, which jcecard knows


def serial_of(card: InReader) -> int:
    """The serial number that the card tells."""
    card.power_on()
    card.transmit(SELECT_PIV)
    answer = ResponseApdu.from_bytes(card.transmit(GET_SERIAL))
    card.power_off()
    return int.from_bytes(answer.data, "big")


@pytest.fixture
def ayse(place: Installation) -> Enrolled:
    """Ayşe with a jcecard, personalised by commands, its PIN blocked by wrong tries."""
    somebody = person("Ayşe Yılmaz")
    holder = Holder(somebody.name, somebody.id_number)
    card = make_jcecard()
    kept = personalise(card, holder, serial=serial_of(card), now=datetime.now(UTC))
    block_pin(card)
    certificates = {f"{slot:02x}": certificate for slot, certificate in kept.certificates.items()}
    note = EnrolledCard("piv", kept.guid, str(kept.serial), certificates, kept.pin, kept.puk)
    place.lab.insert(card)
    return place.enrol_card(somebody, card, note)


@pytest.mark.filterwarnings("ignore:TripleDES has been moved")  # jcecard uses the old name
def test_ayse_unlocks_a_card_that_nobody_here_wrote(walk: Walk, service: Installation, page: Page) -> None:
    walk.unlock(NEW_PIN)
    assert pin_is_accepted(service.lab, NEW_PIN)
    assert not pin_is_accepted(service.lab, walk.holder.note.pin)
    assert not puk_is_accepted(service.lab, walk.holder.note.puk, "48151623")
