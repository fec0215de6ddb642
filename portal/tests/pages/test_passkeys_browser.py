"""Passkeys in Chromium, with the browser's own virtual authenticator (Chrome DevTools Protocol, WebAuthn)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from portal.tests.pages.browsing import (
    IN_CHROMIUM,
    SIZES,
    enter_code,
    fill_in_login,
    look,
    open_page,
    sign_in,
)
from portal.tests.passkeys.authenticator import Authenticator
from portal.tests.passkeys.conftest import added
from portal.tests.people import AYSE_WORD, ayse, card_of
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.signin.models import Passkey

pytestmark = IN_CHROMIUM
MINE = "/islemler/gecis-anahtarlarim"


@pytest.fixture(autouse=True)
def origin(settings: Settings, live_server: LiveServer) -> None:
    """The portal knows by which address the browser sees it: localhost, where passkeys work without TLS."""
    settings.KILITCOZ_ORIGIN = live_server.url


@pytest.fixture
def holder(transactional_db: None) -> Holder:
    """Ayşe, with her blocked card."""
    holder = ayse()
    card_of(holder)
    return holder


@dataclass
class Device:
    """The authenticator in the holder's device."""

    session: Any
    name: str

    def stop_verifying(self) -> None:
        """The finger is not the holder's."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.name, "isUserVerified": False})


def device_of(page: Page) -> Device:
    """A platform authenticator that verifies its user and needs no hand to touch it."""
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
    answer = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Device(session, answer["authenticatorId"])


def to_my_passkeys(page: Page) -> None:
    """Signed in by SMS, proved anew by SMS."""
    sign_in(page)
    page.get_by_role("button", name="Geçiş anahtarlarım", exact=True).click()
    page.get_by_role("button", name="Onay", exact=True).click()
    enter_code(page)
    expect(page.get_by_role("heading", name="Geçiş anahtarlarım", exact=True)).to_be_visible()


def add(page: Page, label: str = "telefonum") -> None:
    """The form at the end of the page."""
    page.get_by_label("Adı", exact=True).fill(label)
    page.get_by_role("button", name="Geçiş anahtarı ekle", exact=True).click()


def state(page: Page) -> Locator:
    """The line in which the script says how it stands."""
    return page.locator(".passkey-state")


def sign_out(page: Page) -> None:
    """By the menu at the top."""
    page.get_by_role("button", name="Çıkış", exact=True).click()
    expect(page.get_by_text("Oturumunuz kapatıldı.")).to_be_visible()


def to_the_second_proof(page: Page) -> None:
    """Number and word; the browser is known by now."""
    page.goto("/giris/sifreli")
    page.get_by_label("Kimlik No", exact=True).fill("10000000146")
    page.get_by_label("Güvenlik Sözcüğü", exact=True).fill(AYSE_WORD)
    page.get_by_role("button", name="Giriş", exact=True).click()


def confirm(page: Page) -> None:
    """The button, by keyboard."""
    button = page.get_by_role("button", name="Geçiş anahtarıyla onayla", exact=True)
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("size", SIZES, ids=["1280", "360"])
def test_a_passkey_is_added_logs_in_unlocks_and_is_removed(
    chromium: Browser, live_server: LiveServer, holder: Holder, size: tuple[int, int]
) -> None:
    page = open_page(chromium, live_server, size)
    device_of(page)
    to_my_passkeys(page)
    look(page)
    add(page)
    expect(page.get_by_role("heading", name="telefonum")).to_be_visible()
    look(page)
    sign_out(page)
    to_the_second_proof(page)
    expect(page.get_by_role("heading", name="Geçiş anahtarıyla onay", exact=True)).to_be_visible()
    look(page)
    confirm(page)
    expect(page.get_by_role("heading", name="İşlemler Menüsü")).to_be_visible()
    page.get_by_role("button", name="Kilit Çözme (Akıllı Kart Servisi)", exact=True).click()
    page.get_by_role("button", name="Tamam", exact=True).click()
    expect(page.get_by_text("Sonu 4821 olan kartın")).to_be_visible()
    look(page)
    confirm(page)
    expect(page.get_by_role("link", name="Kilit Çözme Ekranını Aç", exact=True)).to_be_visible()
    assert Operation.objects.get().state == State.AUTHORISED
    page.goto(MINE)
    confirm(page)
    page.get_by_role("button", name="Kaldır", exact=True).click()
    expect(page.get_by_text("Henüz geçiş anahtarınız yok.")).to_be_visible()
    assert [row.detail["deed"] for row in AuditEvent.objects.filter(event="passkey-accepted")] == [
        "login",
        "unlock",
        "step-up",
    ]


def test_it_speaks_english_too(chromium: Browser, live_server: LiveServer, holder: Holder) -> None:
    page = open_page(chromium, live_server)
    device_of(page)
    to_my_passkeys(page)
    add(page)
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.get_by_role("heading", name="My passkeys", exact=True)).to_be_visible()
    look(page)
    page.get_by_label("Name", exact=True).fill("again")
    page.get_by_role("button", name="Add a passkey", exact=True).click()
    expect(state(page)).to_have_text("This device’s passkey is already added. Choose another device.")


def test_a_finger_that_is_not_the_holders_is_told_and_may_be_tried_again(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server)
    device = device_of(page)
    to_my_passkeys(page)
    device.stop_verifying()
    add(page)
    expect(state(page)).to_contain_text("Onay alınamadı")
    expect(page.get_by_role("button", name="Geçiş anahtarı ekle", exact=True)).to_be_focused()
    look(page)
    assert not Passkey.objects.exists()


def test_a_browser_without_passkeys_is_told_and_the_sms_code_is_there(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server)
    device_of(page)
    to_my_passkeys(page)
    add(page)
    expect(page.get_by_role("heading", name="telefonum")).to_be_visible()
    sign_out(page)
    page.add_init_script("delete window.PublicKeyCredential")
    to_the_second_proof(page)
    expect(state(page)).to_contain_text("Bu tarayıcı geçiş anahtarını desteklemiyor")
    expect(page.get_by_role("button", name="Geçiş anahtarıyla onayla", exact=True)).to_be_hidden()
    look(page)
    page.get_by_role("link", name="SMS koduyla onayla", exact=True).click()
    expect(page.get_by_role("heading", name="SMS Onay Ekranı")).to_be_visible()


def test_without_script_the_page_says_so_and_the_sms_code_is_there(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    added(holder, Authenticator(origin=live_server.url, rp_id="localhost"))
    page = open_page(chromium, live_server, script=False)
    page.goto("/giris/sifreli")
    fill_in_login(page)
    page.get_by_role("button", name="Giriş", exact=True).click()
    expect(page.get_by_text("Geçiş anahtarı için tarayıcınızda JavaScript açık olmalıdır.")).to_be_visible()
    expect(page.get_by_role("button", name="Geçiş anahtarıyla onayla", exact=True)).to_be_hidden()
    page.get_by_role("link", name="SMS koduyla onayla", exact=True).click()
    page.get_by_role("button", name="Onay", exact=True).click()
    enter_code(page)
    expect(page.get_by_role("heading", name="İşlemler Menüsü")).to_be_visible()
