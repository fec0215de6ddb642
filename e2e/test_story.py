"""The manual comes true: a holder with a blocked card walks figures 1 to 9 and has a working card."""

import pytest
from playwright.sync_api import Browser, Page

from e2e.accessibility import look_closely
from e2e.hands import Hands, Keyboard, Mouse
from e2e.installation import Enrolled, Installation
from e2e.profile import DESKTOP, PHONE, profile
from e2e.third_party import pin_is_accepted, puk_is_accepted
from e2e.walk import Walk
from e2e.words import ENGLISH, TURKISH, Words

NEW_PIN = "73920415"


@pytest.mark.parametrize("words", [TURKISH, ENGLISH], ids=["turkish", "english"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("hands", [Mouse(), Keyboard()], ids=["mouse", "keyboard"])
def test_ayse_walks_the_nine_figures_and_other_peoples_tools_accept_her_new_pin(
    service: Installation,
    browser: Browser,
    ayse: Enrolled,
    words: Words,
    size: tuple[int, int],
    hands: Hands,
) -> None:
    with profile(browser, size) as context:
        walk = Walk(service, context.new_page(), ayse, words, hands, look_closely)
        local = walk.to_the_local_page()
        walk.choose_pin(local, NEW_PIN)
        walk.see_success(local)
    assert pin_is_accepted(service.lab, NEW_PIN)
    assert not pin_is_accepted(service.lab, ayse.note.pin)
    assert not puk_is_accepted(service.lab, ayse.note.puk, "48151623")


def test_the_portal_page_follows_and_shows_the_end_too(walk: Walk, page: Page) -> None:
    walk.unlock(NEW_PIN)
    walk.says(TURKISH.pin_changed, page)
