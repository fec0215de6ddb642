"""The login by an identity provider in Chromium: out to somebody else's login form, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from portal.tests.oidc import mock_provider
from portal.tests.pages.browsing import IN_CHROMIUM, SIZES, look, open_page
from portal.tests.people import ayse
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.oidc import metadata

pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Somebody else's provider, which knows Ayşe."""
    with mock_provider.running({"sub": "ayse", "tckn": "TINTR-10000000146"}) as running:
        yield running


@pytest.fixture(autouse=True)
def registered(settings: Settings, tmp_path: Path, issuer: str, live_server: LiveServer) -> None:
    """The portal is a client there."""
    secret = tmp_path / "secret"
    secret.write_text("gizli")
    secret.chmod(0o600)
    metadata.forget()
    settings.KILITCOZ_ORIGIN = live_server.url
    settings.KILITCOZ_OIDC_ISSUER = issuer
    settings.KILITCOZ_OIDC_CLIENT_ID = "kilitcoz"
    settings.KILITCOZ_OIDC_SECRET_FILE = str(secret)
    settings.KILITCOZ_OIDC_CLAIM = "tckn"
    settings.KILITCOZ_OIDC_CLAIM_FORM = "prefixed"
    settings.KILITCOZ_OIDC_LABEL_TR = "Örnek Kapısı ile Giriş"
    settings.KILITCOZ_OIDC_LABEL_EN = "Login by Sample Gate"


@pytest.fixture
def holder(transactional_db: None) -> Holder:
    """Ayşe."""
    return ayse()


def leave_for_the_provider(page: Page, way: str) -> None:
    """By the fourth button, with the keyboard alone; the provider's style sheet from elsewhere stays away."""
    page.context.route("**/*.jsdelivr.net/**", lambda route: route.abort())
    page.goto("/giris")
    look(page)
    page.get_by_role("button", name=way, exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()


def log_in_there(page: Page, subject: str) -> None:
    """The provider's own form."""
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize", exact=True).click()


@pytest.mark.parametrize("size", SIZES, ids=["1280", "360"])
def test_ayse_logs_in_at_the_provider_and_comes_back_to_the_menu(
    chromium: Browser, live_server: LiveServer, holder: Holder, size: tuple[int, int]
) -> None:
    page = open_page(chromium, live_server, size)
    leave_for_the_provider(page, "Örnek Kapısı ile Giriş")
    log_in_there(page, "ayse")
    expect(page.get_by_role("heading", name="İşlemler Menüsü")).to_be_visible()
    expect(page.get_by_text("Sayın Ayşe Yılmaz")).to_be_visible()
    assert "code=" not in page.url


def test_somebody_whom_nobody_enrolled_is_told_in_english(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server, locale="en-GB")
    leave_for_the_provider(page, "Login by Sample Gate")
    log_in_there(page, "kerem")
    expect(page.get_by_role("heading", name="Your ID number was not passed on")).to_be_visible()
    look(page)
    expect(page.get_by_role("link", name="Security Word Login", exact=True)).to_be_visible()


def test_a18b_the_thiefs_way_back_opens_in_ayses_browser_and_signs_nobody_in(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    thief = open_page(chromium, live_server)
    leave_for_the_provider(thief, "Örnek Kapısı ile Giriş")
    way_back = httpx.post(thief.url, data={"sub": "ayse"}, trust_env=False).headers["location"]
    page = open_page(chromium, live_server)
    page.goto(way_back)
    expect(page.get_by_role("heading", name="Bu giriş bu tarayıcıda başlamadı")).to_be_visible()
    look(page)
    page.goto("/islemler")
    expect(page.get_by_role("heading", name="Kullanıcı Doğrulama Ekranı")).to_be_visible()
