"""A holder's browser with a screen: Debian's Chromium on the live server's pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from e2e.accessibility import violations
from playwright.sync_api import Browser, Page, expect
from portal.tests.people import AYSE_WORD
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.models import HumanCheck
from kilitcoz_portal.signin.session_store import SessionStore
from kilitcoz_portal.sms.queries import outbox

CHROMIUM = "/usr/bin/chromium"
IN_CHROMIUM = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
SIZES = [(1280, 900), (360, 740)]


def open_page(
    chromium: Browser,
    live_server: LiveServer,
    size: tuple[int, int] = SIZES[0],
    locale: str = "tr-TR",
    *,
    script: bool = True,
) -> Page:
    """A fresh browser session on the front page; a script error fails the test."""
    width, height = size
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale=locale,
        base_url=live_server.url,
        java_script_enabled=script,
    )
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto("/")
    return page


def look(page: Page) -> None:
    """No axe violation, nothing wider than the screen."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill_in_login(page: Page, word: str = AYSE_WORD) -> None:
    """Figure 3's three fields."""
    check = HumanCheck.objects.get(pk=page.locator("input[name=check]").input_value())
    page.get_by_label("Kimlik No", exact=True).fill("10000000146")
    page.get_by_label("Resimdeki Yazı", exact=True).fill(check.picture_text)
    page.get_by_label("Güvenlik Sözcüğü", exact=True).fill(word)


def sign_in(page: Page) -> None:
    """Figures 3 to 5, in Turkish."""
    page.goto("/giris/sifreli")
    fill_in_login(page)
    page.get_by_role("button", name="Giriş", exact=True).click()
    page.get_by_role("button", name="Onay", exact=True).click()
    enter_code(page)
    expect(page.get_by_role("heading", name="İşlemler Menüsü")).to_be_visible()


def enter_code(page: Page) -> None:
    """Figure 5."""
    box = page.get_by_label("SMS Onay Kodu", exact=True)
    expect(box).to_be_visible()
    box.fill(outbox()[0]["code"])
    page.get_by_role("button", name="Gönder", exact=True).click()


def open_signed_in(
    chromium: Browser,
    live_server: LiveServer,
    holder: Holder,
    size: tuple[int, int] = SIZES[0],
    locale: str = "tr-TR",
    *,
    script: bool = True,
) -> Page:
    """As `open_page`, and the holder is signed in without having walked figures 3 to 5."""
    session = SessionStore()
    sessions.sign_in(session, holder, timezone.now())
    session.save()
    page = open_page(chromium, live_server, size, locale, script=script)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key)}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    return page
