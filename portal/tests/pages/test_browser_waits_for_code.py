"""Figure 5 in Chromium while the code is on its way: it goes on by itself, or without scripts by a link."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from portal.tests.carriers import Carrier, carry_sms, work
from portal.tests.pages.browsing import IN_CHROMIUM, SIZES, look, open_page
from portal.tests.people import ayse
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.outgoing.gateways import AnswerLost, NotAccepted
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.session_store import SessionStore

pytestmark = IN_CHROMIUM


@pytest.fixture
def holder(transactional_db: None) -> Holder:
    return ayse()


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The only gateway, down."""
    carrier = Carrier(down=NotAccepted("gateway-unreachable"))
    carry_sms(monkeypatch, carrier)
    return carrier


def ask_for_code(page: Page, live_server: LiveServer, holder: Holder) -> None:
    """The word was right in this browser; figure 4's "Onay"."""
    session = SessionStore()
    sessions.word_accepted(session, holder, timezone.now())
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key)}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.goto("/giris/sms")
    page.get_by_role("button", name="Onay", exact=True).click()
    expect(page.get_by_text("Kod gönderiliyor…")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=["1280", "360"])
def test_a13_the_page_goes_on_by_itself_when_the_gateway_has_the_code(
    chromium: Browser, live_server: LiveServer, holder: Holder, carrier: Carrier, size: tuple[int, int]
) -> None:
    page = open_page(chromium, live_server, size)
    ask_for_code(page, live_server, holder)
    look(page)
    carrier.down = None
    work(timezone.now())
    expect(page.locator(".countdown")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name="Yeni kod iste")).to_be_visible()
    page.get_by_label("SMS Onay Kodu", exact=True).fill(carrier.taken[0].text[-6:])
    page.get_by_role("button", name="Gönder", exact=True).click()
    expect(page.get_by_role("heading", name="İşlemler Menüsü")).to_be_visible()


def test_a13_without_a_script_a_link_looks_again_and_doubt_is_told(
    chromium: Browser, live_server: LiveServer, holder: Holder, carrier: Carrier
) -> None:
    page = open_page(chromium, live_server, SIZES[1], script=False)
    ask_for_code(page, live_server, holder)
    carrier.down, carrier.faults = None, [AnswerLost("answer-lost")]
    work(timezone.now())
    page.get_by_role("link", name="Şimdi bak").click()
    expect(page.get_by_text("kod size ulaşmış da olabilir")).to_be_visible()
