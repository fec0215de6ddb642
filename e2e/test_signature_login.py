""" "E-imzalı Giriş" in Chromium, with the certificate of Ayşe's card: the TLS handshake is a real one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright._impl._api_structures import ClientCertificate  # the public module lacks the type
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.accessibility import look_closely
from e2e.hands import Hands, Keyboard, Mouse
from e2e.profile import DESKTOP, PHONE, profile
from e2e.running_demo import RunningDemo, demo
from e2e.walk import Walk
from e2e.words import ENGLISH, TURKISH, Words


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """One demo for all these stories: it offers the login and says where the certificate is."""
    with demo(Path(tmp_path_factory.mktemp("demo"))) as started:
        yield started


def browser_of(
    browser: Browser, running: RunningDemo, *, certificate: bool, size: tuple[int, int] = DESKTOP
) -> AbstractContextManager[BrowserContext]:
    """A fresh profile, with or without Ayşe's certificate; the demo's own TLS certificate is self-made."""
    signature = running.says["signature"]
    shown: list[ClientCertificate] = [
        {
            "origin": signature["origin"],
            "pfxPath": signature["certificate"],
            "passphrase": signature["password"],
        }
    ]
    return profile(
        browser,
        size,
        patience=10_000,
        locale="tr-TR",
        ignore_https_errors=True,
        client_certificates=shown if certificate else [],
    )


def to_the_question(walk: Walk) -> None:
    """Figures 1 and 2, then "E-imzalı Giriş"."""
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.hands.press(walk.button(walk.words.signature_login))
    expect(walk.button(GO_ON[walk.words.language])).to_be_visible()
    walk.look(walk.page, "e-imza")


GO_ON = {"tr": "Devam et", "en": "Go on"}
NO_CERTIFICATE = {"tr": "Sertifika gösterilmedi", "en": "No certificate was shown"}


@pytest.mark.parametrize(
    ("words", "size", "hands"),
    [(TURKISH, DESKTOP, Keyboard()), (ENGLISH, PHONE, Mouse())],
    ids=["turkish-keyboard-desktop", "english-mouse-phone"],
)
def test_ayse_logs_in_with_the_certificate_of_her_card(
    running: RunningDemo, browser: Browser, words: Words, size: tuple[int, int], hands: Hands
) -> None:
    with browser_of(browser, running, certificate=True, size=size) as context:
        walk = Walk(running, context.new_page(), running.holder, words, hands, look_closely)
        to_the_question(walk)
        hands.press(walk.button(GO_ON[words.language]))
        walk.see_the_menu()
        assert walk.page.url == f"{running.origin}/islemler"


@pytest.mark.parametrize("words", [TURKISH, ENGLISH], ids=["turkish", "english"])
def test_a_browser_without_a_certificate_gets_a_page_that_helps(
    running: RunningDemo, browser: Browser, words: Words
) -> None:
    with browser_of(browser, running, certificate=False, size=PHONE) as context:
        walk = Walk(running, context.new_page(), running.holder, words)
        to_the_question(walk)
        walk.button(GO_ON[words.language]).click()
        walk.problem(NO_CERTIFICATE[words.language])
        assert walk.page.url.startswith(running.says["signature"]["origin"])
        look_closely(walk.page, "e-imza-yok")
        walk.page.get_by_role("main").get_by_role("link").click()
        expect(walk.button(words.password_login)).to_be_visible()
        assert walk.page.url == f"{running.origin}/giris"


def test_a18b_a_link_that_kerem_mails_signs_nobody_in(running: RunningDemo, browser: Browser) -> None:
    """Kerem begins and sends the address to Ayşe, whose browser shows her certificate without a question."""
    with (
        browser_of(browser, running, certificate=False) as kerems,
        browser_of(browser, running, certificate=True) as ayses,
    ):
        kerem, ayse = kerems.new_page(), ayses.new_page()
        kerem.goto(f"{running.origin}/giris/e-imza")
        kerem.get_by_role("button", name="Devam et", exact=True).click()
        expect(kerem.get_by_role("alert")).to_contain_text("Sertifika gösterilmedi")
        ayse.goto(kerem.url)
        expect(ayse.get_by_text("Bu giriş bu tarayıcıda başlamadı").first).to_be_visible()
        look_closely(ayse, "e-imza-baskasinin")
        for page in (kerem, ayse):
            signed_out(page, running)


def signed_out(page: Page, running: RunningDemo) -> None:
    """The menu is not for this browser."""
    page.goto(f"{running.origin}/islemler")
    assert page.url.startswith(f"{running.origin}/giris")
