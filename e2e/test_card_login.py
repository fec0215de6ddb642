"""Figure 2, "E-imzalı Giriş (Akıllı Kart Servisi)", in Chromium, over a real PC/SC stack."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from demo.card import make_card, note_of
from demo.cast import AYSE
from playwright.sync_api import Browser

from e2e.accessibility import look_closely
from e2e.card_login import CardLogin
from e2e.hands import Hands, Keyboard, Mouse
from e2e.installation import Enrolled, Installation, person
from e2e.profile import DESKTOP, PHONE, profile
from e2e.walk import Walk
from e2e.words import ENGLISH, TURKISH, Words
from kilitcoz_simulator.card import Card


def with_card_and_pin(place: Installation) -> tuple[Enrolled, str]:
    """Ayşe with a card whose PIN she knows, and whose issuer the portal trusts; it is in the first slot."""
    somebody = person(AYSE.name)
    issued = make_card(somebody)
    card = Card(issued.state)
    enrolled = place.enrol_card(somebody, card, note_of(issued))
    trust = place.portal.folder / "trust"
    for part, made in (("anchors", issued.issuer), ("crls", issued.status_list)):
        (trust / part).mkdir(parents=True, exist_ok=True)
        (trust / part / f"{issued.guid}.pem").write_bytes(made.public_bytes(Encoding.PEM))
    place.lab.insert(card)
    return enrolled, issued.pin


def mistyped(pin: str) -> str:
    """The same PIN, but for its last digit."""
    return pin[:-1] + str((int(pin[-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("words", "size", "hands"),
    [(TURKISH, DESKTOP, Mouse()), (ENGLISH, PHONE, Keyboard())],
    ids=["turkish-desktop-mouse", "english-phone-keyboard"],
)
def test_a_holder_logs_in_by_card_and_a_wrong_pin_costs_one_try(
    service: Installation, browser: Browser, words: Words, size: tuple[int, int], hands: Hands
) -> None:
    ayse, pin = with_card_and_pin(service)
    with profile(browser, size) as context:
        login = CardLogin(Walk(service, context.new_page(), ayse, words, hands, look_closely))
        local = login.to_the_login_screen()
        login.type_pin(local, mistyped(pin))
        login.see_wrong_pin(local)
        login.type_pin(local, pin)
        login.see_login(local)


def test_a_blocked_card_is_told_with_the_way_to_a_new_pin(walk: Walk) -> None:
    walk.look = look_closely
    login = CardLogin(walk)
    login.see_blocked_card(login.to_the_login_screen())
