""" "Başvuru" in Chromium: axe, 360 px, by keyboard, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from portal.tests.documents.paper import text_of
from portal.tests.pages.browsing import IN_CHROMIUM, SIZES, look, open_page, open_signed_in
from portal.tests.people import ayse
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.signin.models import HumanCheck

pytestmark = IN_CHROMIUM


def fill_in(page: Page) -> None:
    """All fields, as a person would."""
    check = HumanCheck.objects.get(pk=page.locator("input[name=check]").input_value())
    page.get_by_label("İlk başvuru").check()
    for label, typed in (
        ("Kimlik No", "10000000146"),
        ("Adınız", "Ayşe"),
        ("Soyadınız", "Yılmaz"),
        ("Cep telefonunuz", "0532 123 45 67"),
        ("Resimdeki Yazı", check.picture_text),
    ):
        page.get_by_label(label, exact=True).fill(typed)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", SIZES, ids=["1280", "360"])
def test_an_application_from_the_front_page_to_its_form(
    chromium: Browser, live_server: LiveServer, size: tuple[int, int], *, script: bool
) -> None:
    page = open_page(chromium, live_server, size, script=script)
    page.get_by_role("link", name="Sertifika için başvurun", exact=True).click()
    fill_in(page)
    page.get_by_role("button", name="Başvur", exact=True).click()
    expect(page.get_by_role("heading", name="Başvurunuz alındı")).to_be_visible()
    application = Application.objects.get()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Başvuru formunu indir (PDF)").click()
    assert saved.value.suggested_filename == f"basvuru-{application.number}.pdf"
    assert application.number in text_of(saved.value.path().read_bytes())
    page.get_by_role("link", name="Başvurum Ne Durumda?", exact=True).last.click()
    page.get_by_label("Başvuru No", exact=True).fill(application.number)
    page.get_by_label("Kimlik No", exact=True).fill("10000000146")
    page.get_by_role("button", name="Durumu göster", exact=True).click()
    expect(page.get_by_role("status").get_by_text("Başvurunuz alındı")).to_be_visible()


@pytest.mark.parametrize("locale", ["tr-TR", "en-GB"])
@pytest.mark.parametrize("size", SIZES, ids=["1280", "360"])
def test_the_pages_are_accessible_and_fit(
    chromium: Browser, live_server: LiveServer, size: tuple[int, int], locale: str
) -> None:
    page = open_page(chromium, live_server, size, locale)
    for path in ("/basvuru", "/basvuru/durum"):
        page.goto(path)
        look(page)
        page.locator("main button.big").click()
        expect(page.locator(".box.bad")).to_be_focused()
        look(page)
    own = open_signed_in(chromium, live_server, ayse(), size, locale)
    own.goto("/islemler/basvuru")
    look(own)
    own.locator("input[name=kind]").first.check()
    own.locator("main button.big").click()
    expect(own.locator(".box.plain")).to_be_visible()
    look(own)


def test_by_keyboard_alone(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server)
    page.goto("/basvuru")
    check = HumanCheck.objects.get(pk=page.locator("input[name=check]").input_value())
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for typed in ("10000000146", "Ayşe", "Yılmaz", "0532 123 45 67", ""):
        page.keyboard.press("Tab")
        page.keyboard.insert_text(typed)
    page.get_by_label("Resimdeki Yazı", exact=True).focus()
    page.keyboard.insert_text(check.picture_text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Başvurunuz alındı")).to_be_visible()
    assert Application.objects.get().name == "Ayşe Yılmaz"
