"""A passkey takes the SMS code's place in a whole story: added, logged in with, and an unlock confirmed."""

from playwright.sync_api import Page, expect

from e2e.accessibility import look_closely
from e2e.installation import Enrolled, Installation
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk

NEW_PIN = "73920415"
CONFIRM = "Geçiş anahtarıyla onayla"


def give_a_device(page: Page) -> None:
    """Chromium's virtual authenticator: it verifies its user, and needs no finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add_a_passkey(walk: Walk) -> None:
    """From the menu, behind a fresh SMS code."""
    walk.hands.press(walk.button("Geçiş anahtarlarım"))
    walk.hands.press(walk.button(walk.words.confirm))
    walk.enter_code()
    walk.hands.write(walk.box("Adı"), "telefonum")
    walk.hands.press(walk.button("Geçiş anahtarı ekle"))
    expect(walk.page.get_by_role("heading", name="telefonum")).to_be_visible()
    look_closely(walk.page, "geçiş anahtarlarım")


def test_ayse_unlocks_her_card_with_a_passkey_and_no_code_is_sent(
    service: Installation, page: Page, ayse: Enrolled
) -> None:
    walk = Walk(service, page, ayse)
    give_a_device(page)
    walk.to_the_menu()
    add_a_passkey(walk)
    walk.log_out()
    before = len(service.messages(ayse.person.phone))
    walk.to_the_login()
    walk.log_in()
    walk.hands.press(walk.button(CONFIRM))
    walk.see_the_menu()
    walk.begin_unlock()
    walk.hands.press(walk.button(CONFIRM))
    local = walk.open_local_page()
    assert len(service.messages(ayse.person.phone)) == before
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)
    assert pin_is_accepted(service.lab, NEW_PIN)
