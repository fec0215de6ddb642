"""The pages in Chromium: axe, keyboard alone, 360 px, and what the scripts add. The card service is not here:
e2e/ has it.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from portal.tests.pages.browsing import (
    IN_CHROMIUM,
    SIZES,
    enter_code,
    fill_in_login,
    look,
    open_page,
    sign_in,
)
from portal.tests.people import AYSE_WORD, ayse, card_of
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import bearers
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.signin import human, words

pytestmark = IN_CHROMIUM


@pytest.fixture
def holder(transactional_db: None) -> Holder:
    """Ayşe, with her blocked card."""
    holder = ayse()
    card_of(holder)
    return holder


def to_the_card_service_page(page: Page) -> Operation:
    """Figure 7 up to the link."""
    sign_in(page)
    page.get_by_role("button", name="Kilit Çözme (Akıllı Kart Servisi)", exact=True).click()
    page.get_by_role("button", name="Tamam", exact=True).click()
    enter_code(page)
    expect(page.get_by_role("link", name="Kilit Çözme Ekranını Aç", exact=True)).to_be_visible()
    return Operation.objects.get()


@pytest.mark.parametrize("locale", ["tr-TR", "en-GB"])
@pytest.mark.parametrize("size", SIZES, ids=["1280", "360"])
def test_the_open_pages_are_accessible_and_fit(
    chromium: Browser, live_server: LiveServer, holder: Holder, size: tuple[int, int], locale: str
) -> None:
    page = open_page(chromium, live_server, size, locale)
    for path in ("/", "/giris", "/giris/sifreli", "/giris/e-imza", "/e-onay", "/outbox", "/nowhere"):
        page.goto(path)
        look(page)
    page.goto("/giris/sifreli")
    page.locator("main button.big").click()
    expect(page.locator(".box.bad")).to_be_focused()
    look(page)


@pytest.mark.parametrize("size", SIZES, ids=["1280", "360"])
def test_the_services_are_accessible_and_fit(
    chromium: Browser, live_server: LiveServer, holder: Holder, size: tuple[int, int]
) -> None:
    page = open_page(chromium, live_server, size)
    page.goto("/giris/sifreli")
    fill_in_login(page)
    page.get_by_role("button", name="Giriş", exact=True).click()
    expect(page.get_by_role("heading", name="SMS Onay Ekranı")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Onay", exact=True).click()
    expect(page.get_by_role("timer")).to_be_visible()
    look(page)
    enter_code(page)
    expect(page.get_by_role("heading", name="İşlemler Menüsü")).to_be_visible()
    for path in ("", "/sertifikalar", "/pin-puk", "/kullanima-ac", "/kilit-cozme"):
        page.goto(f"/islemler{path}")
        look(page)
    page.get_by_role("button", name="Tamam", exact=True).click()
    look(page)
    enter_code(page)
    expect(page.get_by_role("link", name="Kilit Çözme Ekranını Aç", exact=True)).to_be_visible()
    page.get_by_text("Kart servisi açılmadı mı?").click()
    look(page)
    here = page.url
    for state in (State.CLAIMED, State.RELEASED, State.IN_DOUBT, State.CANCELLED, State.SUCCEEDED):
        page.goto("about:blank")  # else the page, following, might load itself anew in the middle
        Operation.objects.update(state=state)
        page.goto(here)
        look(page)


def test_by_keyboard_alone_to_the_sms(chromium: Browser, live_server: LiveServer, holder: Holder) -> None:
    page = open_page(chromium, live_server)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="İçeriğe geç")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab") if page.locator("section:focus").count() else None
    expect(
        page.get_by_role("link", name="Nitelikli Elektronik Sertifika İşlemleri", exact=True)
    ).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/giris")
    page.goto("/giris/sifreli")
    fill_in_login(page)
    page.get_by_label("Güvenlik Sözcüğü", exact=True).press("Enter")  # Giriş, not "Yeni resim"
    expect(page.get_by_role("button", name="Onay", exact=True)).to_be_visible()


def test_the_computer_does_the_check_for_who_cannot_read_the_picture(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server)
    page.goto("/giris/sifreli")
    page.get_by_role("button", name="Resmi okuyamıyorum: bilgisayarım benim yerime doğrulasın").click()
    expect(page.get_by_text("Doğrulandı.")).to_be_visible(timeout=60_000)
    page.get_by_label("Kimlik No", exact=True).fill("10000000146")
    page.get_by_label("Güvenlik Sözcüğü", exact=True).fill(AYSE_WORD)
    page.get_by_role("button", name="Giriş", exact=True).click()
    expect(page.get_by_role("heading", name="SMS Onay Ekranı")).to_be_visible()


def test_in_a_crowd_the_computer_works_for_its_turn_while_the_holder_types(
    chromium: Browser, live_server: LiveServer, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "is_crowded", lambda: True)
    monkeypatch.setattr(human, "_WORK_ROUNDS", 10)
    page = open_page(chromium, live_server)
    page.goto("/giris/sifreli")
    typed = page.get_by_label("Resimdeki Yazı", exact=True)
    typed.focus()
    expect(page.get_by_text("Doğrulandı.")).to_be_visible(timeout=60_000)
    expect(typed).to_be_focused()
    page.get_by_label("Kimlik No", exact=True).fill("10000000146")
    page.get_by_label("Güvenlik Sözcüğü", exact=True).fill(AYSE_WORD)
    page.get_by_role("button", name="Giriş", exact=True).click()
    expect(page.get_by_role("heading", name="SMS Onay Ekranı")).to_be_visible()


def test_another_picture_keeps_what_was_typed(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server)
    page.goto("/giris/sifreli")
    fill_in_login(page)
    first = page.locator("input[name=check]").input_value()
    page.get_by_role("button", name="Yeni resim", exact=True).click()
    expect(page.locator("input[name=check]")).not_to_have_value(first)
    expect(page.get_by_label("Kimlik No", exact=True)).to_have_value("10000000146")
    fill_in_login(page)
    page.get_by_role("button", name="Giriş", exact=True).click()
    expect(page.get_by_role("heading", name="SMS Onay Ekranı")).to_be_visible()


def test_the_sound_plays(chromium: Browser, live_server: LiveServer, holder: Holder) -> None:
    page = open_page(chromium, live_server)
    page.goto("/giris/sifreli")
    with page.expect_response("**/ses.wav") as answer:
        page.evaluate("() => { document.querySelector('audio').play().catch(() => {}); }")
    assert answer.value.status == 200
    page.wait_for_timeout(200)
    assert page.evaluate("() => document.querySelector('audio').error") is None


def test_the_word_can_be_shown_and_is_hidden_again_on_sending(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server)
    page.goto("/giris/sifreli")
    word = page.get_by_label("Güvenlik Sözcüğü", exact=True)
    expect(word).to_have_attribute("type", "password")
    page.get_by_role("button", name="Yazdığımı göster").click()
    expect(word).to_have_attribute("type", "text")
    page.get_by_role("button", name="Yazdığımı gizle").click()
    expect(word).to_have_attribute("type", "password")


def test_the_countdown_runs_and_holds_the_second_code_back(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server)
    page.clock.install()
    page.goto("/giris/sifreli")
    fill_in_login(page)
    page.get_by_role("button", name="Giriş", exact=True).click()
    page.get_by_role("button", name="Onay", exact=True).click()
    left = page.get_by_role("timer").locator("strong")
    expect(left).to_have_text("300")
    again = page.locator("[data-wait]")
    expect(again).to_have_attribute("aria-disabled", "true")
    page.clock.run_for(43_500)
    expect(left).to_have_text("257")
    page.clock.run_for(30_000)
    expect(again).to_have_text("Yeni kod iste")
    page.clock.run_for(240_000)
    expect(page.get_by_text("Kodun süresi doldu. Yeni kod isteyin.")).to_be_visible()


def test_the_page_follows_the_card_service_to_the_end(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server)
    operation = to_the_card_service_page(page)
    expect(page.locator("[data-number]")).to_have_text(operation.number)
    link = page.get_by_role("link", name="Kilit Çözme Ekranını Aç", exact=True)
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    page.get_by_text("Kart servisi açılmadı mı?").click()
    page.get_by_role("button", name="Eşleştirme kodu al").click()
    expect(page.locator(".pairing")).to_have_text(re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$"))
    Operation.objects.update(state=State.CLAIMED, decision="no_card")
    expect(page.get_by_text("Kartınızı okuyucuya takın.").last).to_be_visible(timeout=10_000)
    Operation.objects.update(state=State.RELEASED, decision="proceed")
    expect(page.get_by_text("PIN değiştiriliyor. Kartı çıkarmayın.")).to_be_visible(timeout=10_000)
    Operation.objects.update(state=State.SUCCEEDED)
    expect(page.get_by_role("heading", name="Kart PIN başarıyla değiştirildi")).to_be_visible(timeout=10_000)
    page.get_by_role("button", name="OK", exact=True).click()
    expect(page.get_by_role("heading", name="İşlemler Menüsü")).to_be_visible()


def test_coming_back_posts_the_secret_of_the_fragment_and_clears_the_address(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    page = open_page(chromium, live_server)
    operation = to_the_card_service_page(page)
    Operation.objects.update(state=State.SUCCEEDED)
    page.goto(f"/donus/{operation.pk}#c={bearers.completion(operation)}")
    expect(page.get_by_role("heading", name="Kart PIN başarıyla değiştirildi")).to_be_visible()
    assert "#" not in page.url
    operation.refresh_from_db()
    assert operation.completed_at is not None


def test_the_way_to_the_menu_works_without_javascript(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="tr-TR", base_url=live_server.url)
    page = context.new_page()
    to_the_card_service_page(page)
    expect(page.get_by_role("link", name="Durumu yenile")).to_be_visible()


def test_one_refused_look_is_asked_again_before_the_page_goes(
    chromium: Browser, live_server: LiveServer, holder: Holder
) -> None:
    """As when the next tab's login is just coming true: reloading then would show a stranger's page."""
    page = open_page(chromium, live_server)
    page.goto("/giris/kart")
    page.get_by_role("button", name="Kartla girişi başlat", exact=True).click()
    expect(page.get_by_role("link", name="Giriş Ekranını Aç", exact=True)).to_be_visible()
    page.evaluate("window.isStillThis = true")
    page.route("**/state", lambda route: route.fulfill(status=404, json={}), times=1)
    with page.expect_response(lambda answer: answer.url.endswith("/state") and answer.status == 404):
        pass
    with page.expect_response(lambda answer: answer.url.endswith("/state") and answer.status == 200):
        pass
    assert page.evaluate("window.isStillThis")
    page.route("**/state", lambda route: route.fulfill(status=404, json={}))
    with page.expect_event("framenavigated"):
        pass
    assert not page.evaluate("window.isStillThis")
