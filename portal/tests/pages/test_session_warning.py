"""Before a session ends: what the page's script tells, in Chromium, while time is moved by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from portal.tests.pages.browsing import IN_CHROMIUM, SIZES, look, open_signed_in
from portal.tests.people import ayse
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import HolderSession

pytestmark = IN_CHROMIUM


@pytest.fixture
def holder(transactional_db: None) -> Holder:
    """Ayşe is enrolled."""
    return ayse()


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, holder: Holder) -> Page:
    """Ayşe's menu."""
    page = open_signed_in(chromium, live_server, holder)
    page.clock.install()
    page.goto("/islemler")
    return page


def time_goes_by(page: Page, *, minutes: int = 0, seconds: int = 0, busy: bool = False) -> None:
    """So long nobody does anything (or, where somebody is `busy`, not here): for the page and the server."""
    gone = timedelta(minutes=minutes, seconds=seconds)
    row = HolderSession.objects.get()
    seen_at = row.seen_at if busy else row.seen_at - gone
    HolderSession.objects.update(seen_at=seen_at, began_at=row.began_at - gone)
    page.clock.run_for(gone.total_seconds() * 1000)
    page.clock.run_for(1500)  # what the server answered is shown a tick later


def was_just_seen() -> bool:
    """Whether the server had a sign of life in these seconds."""
    return timezone.now() - HolderSession.objects.get().seen_at < timedelta(seconds=30)


def test_two_minutes_before_the_end_one_key_goes_on_and_the_focus_returns(page: Page) -> None:
    before = page.get_by_role("button", name="PIN / PUK Bilgisi", exact=True)
    before.focus()
    time_goes_by(page, minutes=7, seconds=45)
    expect(page.get_by_role("dialog")).to_be_hidden()
    time_goes_by(page, seconds=30)
    dialog = page.get_by_role("dialog", name="Oturumunuz kapanmak üzere")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Devam et", exact=True)).to_be_focused()
    assert not was_just_seen()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(before).to_be_focused()
    assert was_just_seen()


def test_escape_goes_on_as_well(page: Page) -> None:
    time_goes_by(page, minutes=8, seconds=30)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert was_just_seen()


def test_going_on_in_another_tab_takes_the_warning_away(page: Page) -> None:
    time_goes_by(page, minutes=8, seconds=30)
    expect(page.get_by_role("dialog")).to_be_visible()
    HolderSession.objects.update(seen_at=timezone.now())
    time_goes_by(page, seconds=11, busy=True)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_leaving_is_offered_beside_it(page: Page) -> None:
    time_goes_by(page, minutes=8, seconds=30)
    page.get_by_role("dialog").get_by_role("button", name="Çıkış", exact=True).click()
    expect(page.get_by_text("Çıkış yaptınız")).to_be_visible()


def test_a_form_on_its_way_is_not_overtaken_by_the_news_that_the_session_has_ended(page: Page) -> None:
    """As "Çıkış", whose own page says so. A form that leads nowhere holds nothing up for long."""
    page.route("**/session/left", lambda asked: asked.fulfill(status=401, json={}))
    page.evaluate("window.isStillThis = true; document.dispatchEvent(new Event('submit'))")
    with page.expect_response("**/session/left"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for(1500)
    assert page.evaluate("window.isStillThis")
    page.clock.run_for(9000)
    with page.expect_event("framenavigated"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_nobody_answers_and_nothing_typed_stays_on_the_screen(page: Page) -> None:
    page.goto("/dogrulama")
    page.get_by_role("button", name="Onay", exact=True).click()
    page.get_by_label("SMS Onay Kodu", exact=True).fill("123456")
    time_goes_by(page, minutes=9)
    expect(page.get_by_role("dialog")).to_be_visible()
    time_goes_by(page, minutes=1, seconds=5)
    page.wait_for_url("**/giris?durum=oturum-kapandi")
    expect(page.get_by_text("Oturumunuz kapandı")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Kullanıcı Doğrulama Ekranı")).to_be_visible()


def test_an_end_without_the_server_empties_the_page_all_the_same(page: Page) -> None:
    page.goto("/dogrulama")
    page.get_by_role("button", name="Onay", exact=True).click()
    typed = page.get_by_label("SMS Onay Kodu", exact=True)
    typed.fill("123456")
    page.route("**/*", lambda route: route.abort())
    time_goes_by(page, minutes=10, seconds=5)
    expect(page.get_by_text("SMS Onay Kodu Giriş Ekranı").first).to_be_hidden()


def test_the_end_of_the_hour_is_told_beforehand_and_comes_however_busy_one_is(page: Page) -> None:
    HolderSession.objects.update(began_at=timezone.now() - timedelta(minutes=54))
    page.goto("/islemler")
    told = page.get_by_text("Bir oturum en çok bir saat sürer")
    expect(told).to_be_hidden()
    time_goes_by(page, minutes=1, seconds=30, busy=True)
    expect(told).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()  # nothing to go on with
    time_goes_by(page, minutes=5, busy=True)
    page.wait_for_url("**/giris?durum=oturum-kapandi")


@pytest.mark.parametrize("locale", ["tr-TR", "en-GB"])
@pytest.mark.parametrize("size", SIZES, ids=["1280", "360"])
def test_warning_and_lists_are_accessible_and_fit(
    chromium: Browser, live_server: LiveServer, holder: Holder, size: tuple[int, int], locale: str
) -> None:
    page = open_signed_in(chromium, live_server, holder, size, locale)
    page.clock.install()
    page.goto("/islemler/oturumlarim")
    look(page)
    time_goes_by(page, minutes=8, seconds=30)
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page)
    page.keyboard.press("Enter")
    HolderSession.objects.update(began_at=timezone.now() - timedelta(minutes=56))
    page.goto("/islemler")
    expect(page.locator("[data-session-last]")).not_to_be_empty()
    look(page)


def test_without_the_script_a_line_tells_both_times(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_signed_in(chromium, live_server, holder, script=False)
    page.goto("/islemler")
    row = HolderSession.objects.get()
    for end in (row.seen_at + timedelta(minutes=10), row.began_at + timedelta(minutes=60)):
        expect(page.get_by_text(f"{timezone.localtime(end):%H:%M}").first).to_be_visible()
