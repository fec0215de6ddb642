"""Kullanıma Aç over a real PC/SC stack: a card that came by post gets its first PIN and is open for use."""

import pytest
from demo.cast import AYSE
from playwright.sync_api import Browser, Page, expect

from e2e import activation
from e2e.accessibility import look_closely
from e2e.hands import Hands, Keyboard, Mouse
from e2e.installation import Enrolled, Installation
from e2e.new_card import by_post, found
from e2e.profile import DESKTOP, PHONE, profile
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk
from e2e.words import ENGLISH, TURKISH, Words

FIRST_PIN = "73920415"


@pytest.fixture(scope="module")
def founded(place: Installation) -> Installation:
    """The key ceremony has been held."""
    found(place)
    return place


@pytest.fixture
def newcomer(founded: Installation, service: Installation) -> Enrolled:
    """Ayşe, whose new card is in the reader."""
    enrolled = by_post(founded, AYSE.name)
    founded.lab.insert(enrolled.card)
    return enrolled


@pytest.mark.parametrize(
    ("words", "size", "hands"),
    [(TURKISH, DESKTOP, Mouse()), (ENGLISH, PHONE, Keyboard())],
    ids=["turkish-desktop-mouse", "english-phone-keyboard"],
)
def test_ayse_sets_her_first_pin_and_the_world_sees_her_certificate_open(
    newcomer: Enrolled,
    service: Installation,
    browser: Browser,
    words: Words,
    size: tuple[int, int],
    hands: Hands,
) -> None:
    with profile(browser, size) as context:
        walk = Walk(service, context.new_page(), newcomer, words, hands, look_closely)
        walk.to_the_menu()
        activation.activate(walk, FIRST_PIN)
    assert pin_is_accepted(service.lab, FIRST_PIN)
    assert not pin_is_accepted(service.lab, newcomer.note.pin)
    assert _states(service) == {"valid"}


def test_an_unlock_of_the_new_card_leads_to_its_first_pin(
    newcomer: Enrolled, service: Installation, page: Page
) -> None:
    walk = Walk(service, page, newcomer)
    walk.to_the_menu()
    walk.hands.press(walk.button(TURKISH.unlock))
    walk.says("Bu kartın önce ilk PIN’i belirlenmeli")
    walk.hands.press(walk.button("Kullanıma Aç"))
    expect(walk.button(TURKISH.proceed)).to_be_visible()


def _states(service: Installation) -> set[str]:
    """Of the certificates of the newest card."""
    with service.database() as database:
        newest = "SELECT MAX(card_id) FROM certificates_certificate"
        rows = database.execute(f"SELECT state FROM certificates_certificate WHERE card_id = ({newest})")
        return {state for (state,) in rows}
