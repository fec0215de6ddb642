""" "Oturumlarım": what the holder sees, and what ends with a session; A40 for sessions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests.pages.walking import Walker
from portal.tests.people import MEHMET_WORD, card_of

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.pages import ending, session_facts
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.models import HolderSession
from kilitcoz_portal.signin.sessions import Way

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"


def browser_of(holder: Holder, user_agent: str = FIREFOX, address: str = "88.231.14.77") -> Walker:
    """One more browser, not signed in."""
    client = Client(headers={"accept-language": "tr", "user-agent": user_agent}, REMOTE_ADDR=address)
    return Walker(client, holder)


@pytest.fixture
def two(ayse: Holder) -> tuple[Walker, Walker]:
    """Ayşe signed in at home, and more than a minute later at work."""
    home, work = browser_of(ayse), browser_of(ayse, EDGE, "2a02:e0:1234:5678::1")
    with time_machine.travel(timezone.now() - timedelta(seconds=70)):
        home.sign_in()
        home.get("/islemler")
    work.sign_in()
    work.get("/islemler")
    return home, work


def test_each_session_is_listed_in_plain_words_this_one_first(two: tuple[Walker, Walker]) -> None:
    home, _ = two
    page = home.get("/islemler/oturumlarim").content.decode()
    names = re.findall(r"<h4 [^>]*>(.*?)</h4>", page)
    assert names == ['Firefox, Linux <span class="tag">Bu oturum</span>', "Edge, Windows"]
    assert "88.231.14.…" in page
    assert "2a02:e0:1234:…" in page
    assert "88.231.14.77" not in page
    assert page.count("Güvenlik sözcüğü ve SMS kodu") == 2


def test_the_other_session_is_ended_and_refused_at_its_next_page(two: tuple[Walker, Walker]) -> None:
    home, work = two
    other = HolderSession.objects.get(browser="Edge")
    led = home.post(f"/islemler/oturumlarim/{other.pk}/kapat")
    page = home.get(led["Location"]).content.decode()
    assert "Oturum kapatıldı" in page
    assert "Başka bir tarayıcıdan siz kapattınız." in page
    assert work.get("/islemler")["Location"] == "/giris?durum=oturum-kapandi"
    assert home.get("/islemler").status_code == 200


def test_ending_this_one_is_leaving(two: tuple[Walker, Walker]) -> None:
    home, work = two
    here = HolderSession.objects.get(browser="Firefox")
    assert home.post(f"/islemler/oturumlarim/{here.pk}/kapat")["Location"] == "/giris?durum=cikildi"
    assert home.get("/islemler").status_code == 302
    assert work.get("/islemler").status_code == 200


def test_one_tap_leaves_everywhere(two: tuple[Walker, Walker]) -> None:
    home, _ = two
    location = home.post("/islemler/oturumlarim/hepsini-kapat")["Location"]
    assert "Bütün oturumlarınız kapatıldı" in home.get(location).content.decode()
    for browser in two:
        assert browser.get("/islemler").status_code == 302
    assert AuditEvent.objects.filter(event="session-ended", detail__why="by-holder").count() == 2


@pytest.mark.parametrize("path", ["", "/x/kapat", "/hepsini-kapat"])
def test_ending_is_for_the_signed_in_and_no_deed_of_a_link(walker: Walker, path: str) -> None:
    address = f"/islemler/oturumlarim{path}"
    assert walker.client.get(address).status_code == (405 if path else 302)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address).status_code in {403, 405}


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.AWAITING_CODE, State.CANCELLED),
        (State.AUTHORISED, State.CANCELLED),
        (State.IDENTIFIED, State.CANCELLED),
        (State.RELEASED, State.RELEASED),
        (State.SUCCEEDED, State.SUCCEEDED),
    ],
)
@pytest.mark.parametrize("by", ["leaving", "the other browser", "everywhere"])
def test_what_an_ended_session_began_is_cancelled_unless_something_was_released(
    ayse: Holder, two: tuple[Walker, Walker], by: str, state: State, after: State
) -> None:
    home, work = two
    card_of(ayse)
    home.start_unlock()
    Operation.objects.update(state=state)
    if by == "leaving":
        home.post("/cikis")
    elif by == "everywhere":
        work.post("/islemler/oturumlarim/hepsini-kapat")
    else:
        other = HolderSession.objects.get(browser="Firefox")
        work.post(f"/islemler/oturumlarim/{other.pk}/kapat")
    assert Operation.objects.get().state == after
    assert AuditEvent.objects.filter(event="operation-cancelled").count() == (after == State.CANCELLED)


def test_what_the_surviving_session_began_goes_on(ayse: Holder, two: tuple[Walker, Walker]) -> None:
    home, _ = two
    card_of(ayse)
    home.start_unlock()
    other = HolderSession.objects.get(browser="Edge")
    assert ending.end_one(other.pk, timezone.now(), End.WORD_CHANGED) == 1
    assert Operation.objects.get().state == State.AWAITING_CODE


def test_a_session_that_ran_out_is_shown_as_ended_then(ayse: Holder) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        browser_of(ayse, EDGE).sign_in()
    home = browser_of(ayse)
    home.sign_in()
    page = home.get("/islemler/oturumlarim").content.decode()
    assert page.count("Bu oturumu kapat") == 1
    assert "On dakika kullanılmadığı için kapandı." in page


def test_a40_another_holders_session_is_not_found_and_the_books_know(
    two: tuple[Walker, Walker], mehmet: Holder
) -> None:
    theirs = HolderSession.objects.get(browser="Edge")
    kerem = browser_of(mehmet)
    kerem.enter_word(MEHMET_WORD)
    kerem.post("/giris/sms/kod", sms_code=kerem.ask_for_code())
    refused = kerem.post(f"/islemler/oturumlarim/{theirs.pk}/kapat")
    unknown = kerem.post("/islemler/oturumlarim/AAAAAAAAAAAAAAAAAAAAAA/kapat")
    assert refused.status_code == unknown.status_code == 404
    event = AuditEvent.objects.get(event="foreign-object-asked")
    assert event.holder_id == theirs.holder_id
    assert event.detail == {"what": "session", "asked_by": mehmet.pk}
    theirs.refresh_from_db()
    assert theirs.ended_at is None


def test_every_way_in_and_every_end_has_its_words() -> None:
    assert set(session_facts.WAYS) == set(Way)
    assert set(session_facts.ENDS) == set(End)


def test_following_an_operation_keeps_no_session_alive(walker: Walker, ayse: Holder) -> None:
    card_of(ayse)
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.authorised_operation()
        address = f"/operations/{Operation.objects.get().pk}/state"
        for _ in range(11):
            clock.shift(50)
            assert walker.get(address).status_code == 200
        clock.shift(50)
        assert walker.get(address).status_code == 404
        assert walker.get("/islemler").status_code == 302
