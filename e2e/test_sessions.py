"""Two browsers of one holder: an end that is told and answered with a key; one tap that leaves everywhere."""

from datetime import UTC, datetime, timedelta

from demo.cast import AYSE
from playwright.sync_api import Browser, Page, expect

from e2e.accessibility import look_closely
from e2e.installation import Installation
from e2e.profile import profile
from e2e.walk import Walk


def nobody_did_anything(place: Installation, page: Page, seconds: int) -> None:
    """So much time goes by: in the portal's table, and for the page."""
    seen_at = (datetime.now(UTC) - timedelta(seconds=seconds)).replace(tzinfo=None).isoformat(" ")
    with place.database() as database:
        database.execute("UPDATE signin_holdersession SET seen_at = ? WHERE ended_at IS NULL", (seen_at,))
    page.clock.run_for(seconds * 1000)
    page.clock.run_for(1500)


def test_a_warning_is_answered_with_one_key_and_one_tap_elsewhere_leaves_both(
    place: Installation, page: Page, browser: Browser
) -> None:
    here = Walk(place, page, place.enrol(AYSE.name))
    page.clock.install()
    here.to_the_menu()
    nobody_did_anything(place, page, 500)
    warning = page.get_by_role("dialog", name="Oturumunuz kapanmak üzere")
    expect(warning.get_by_role("button", name="Devam et")).to_be_focused()
    look_closely(page, "the warning")
    page.keyboard.press("Enter")
    expect(warning).to_be_hidden()
    expect(page.get_by_role("heading", name="İşlemler Menüsü")).to_be_visible()

    place.let_sms_rest()
    with profile(browser, locale="tr-TR") as context:
        there = Walk(place, context.new_page(), here.holder)
        there.to_the_menu()
        there.hands.press(there.button("Oturumlarım"))
        expect(there.page.get_by_role("button", name="Bu oturumu kapat")).to_have_count(2)
        there.hands.press(there.button("Bütün oturumlardan çık"))
        there.says("Bütün oturumlarınız kapatıldı")
    here.hands.press(here.button("Sertifika Listele"))
    here.says("Oturumunuz kapandı")
