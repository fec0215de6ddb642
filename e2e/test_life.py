"""A certificate's life in one story, over a real PC/SC stack: Ayşe applies, the registrar makes her card, she
opens it with her first PIN, gives E-Onay, suspends and opens again, forgets the PIN, unlocks, revokes; and at
each step OpenSSL asks what the world is told.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from demo import authority
from demo.card import EnrolledCard
from demo.cast import AYSE
from playwright.sync_api import BrowserContext

from e2e import activation, applying, certificates, consent, desk
from e2e.accessibility import look_closely
from e2e.consent import ConsentWalk, verdicts
from e2e.installation import Enrolled, Installation, installation, person
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk
from e2e.world import World
from kilitcoz_simulator import Card, blank_card
from kilitcoz_simulator.pcsc_lab import PcscLab

FIRST_PIN, NEW_PIN, WRONG_PIN = "73920415", "58203746", "11223344"
SIGNATURE = "9c"


@pytest.fixture(scope="module")
def place(lab: PcscLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """With an authority of its own, which it asks as others do, and time stamps."""
    folder = Path(tmp_path_factory.mktemp("life"))
    with consent.stamped(folder / "tsa") as settings:
        for started in installation(folder, lab, KILITCOZ_TRUST_PRIVATE_ADDRESSES="1", **settings):
            authority.found(started.portal, started.folder / "authority")
            yield started


def test_from_the_application_to_the_revocation(
    service: Installation, context: BrowserContext, tmp_path: Path
) -> None:
    somebody, page = person(AYSE.name), context.new_page()
    applied = applying.apply(service, page, somebody, tmp_path)
    applying.approve(service, applied.number)

    card = Card(blank_card())
    desk.open_desk(service, context.new_page(), applied.number)
    desk.make_cards(service, context.pages[-1], card)
    world = World(service, certificate_of(service, SIGNATURE), tmp_path)
    assert world.says() == "certificatehold"

    note = EnrolledCard("piv", "", "", {}, pin="", puk="")  # nobody has one of such a card
    walk = Walk(service, page, Enrolled(somebody, applied.word, card, note), look=look_closely)
    walk.to_the_menu()
    activation.activate(walk, FIRST_PIN)
    assert world.says() == "good"

    walk.back_to_the_menu()
    signed = ConsentWalk(walk).give(FIRST_PIN, tmp_path)
    assert verdicts(signed)[0] == "Signature is Valid."

    walk.back_to_the_menu()
    certificates.suspend(walk)
    assert world.says() == "certificatehold"
    service.let_sms_rest()
    certificates.resume(walk)
    assert world.says() == "good"

    for _ in range(3):
        assert not pin_is_accepted(service.lab, WRONG_PIN)
    assert not pin_is_accepted(service.lab, FIRST_PIN)
    service.let_sms_rest()
    unlock(walk)
    assert pin_is_accepted(service.lab, NEW_PIN)
    assert world.says() == "good"

    walk.back_to_the_menu()
    certificates.revoke(walk)
    assert world.says() == "keycompromise"
    certificates.see_list(walk, certificates.words_of(walk).revoked)


def unlock(walk: Walk) -> None:
    """Kilit Çözme, from the menu."""
    walk.back_to_the_menu()
    walk.begin_unlock()
    walk.enter_code()
    local = walk.open_local_page()
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)


def certificate_of(place: Installation, slot: str) -> x509.Certificate:
    """The newest of this slot; it is public, and the database is at hand."""
    with place.database() as database:
        query = "SELECT der FROM certificates_certificate WHERE slot = ? ORDER BY id DESC LIMIT 1"
        (der,) = database.execute(query, (slot,)).fetchone()
    return x509.load_der_x509_certificate(der)
