"""A fresh proof before what protects the account is changed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from portal.tests.pages.walking import Walker
from portal.tests.people import card_of

from kilitcoz_portal.config.urls import urlpatterns as portal_addresses
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.pages import stepping_up
from kilitcoz_portal.pages.stepping_up import StepUpWay, stepped_up
from kilitcoz_portal.pages.views import step_up as views
from kilitcoz_portal.pages.visitors import Visitor
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.session_store import SessionStore
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = pytest.mark.django_db


@stepped_up
def guarded(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return HttpResponse(f"changed by {visitor.holder.name}")


@stepped_up
def guarded_form(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return HttpResponse(status=405 if request.method == "GET" else 200)


urlpatterns = [*portal_addresses, path("deneme", guarded), path("deneme/gonder", guarded_form)]
here = override_settings(ROOT_URLCONF=__name__)


@here
def test_a_fresh_code_leads_on_to_what_was_wanted(walker: Walker) -> None:
    walker.sign_in()
    asked = walker.client.get("/deneme", follow=True)
    assert asked.redirect_chain[-1][0] == "/dogrulama?sonra=%2Fdeneme"
    walker.client.post("/dogrulama/kod?sonra=%2Fdeneme")
    assert "hesap bilgilerinizi değiştirme kodunuz" in newest_text()
    led = walker.client.post("/dogrulama?sonra=%2Fdeneme", {"sms_code": newest_code()}, follow=True)
    assert led.content.decode() == f"changed by {walker.holder.name}"


@here
def test_it_counts_for_five_minutes_and_can_be_given_again(walker: Walker) -> None:
    walker.sign_in()
    with time_machine.travel(timezone.now()) as clock:
        for _ in range(2):
            walker.client.post("/dogrulama/kod")
            walker.client.post("/dogrulama", {"sms_code": newest_code()})
            assert walker.client.get("/deneme").status_code == 200
            clock.shift(timedelta(minutes=6))
            assert walker.client.get("/deneme").status_code == 302


@here
def test_nothing_is_sent_before_the_holder_says_so(walker: Walker) -> None:
    walker.sign_in()
    before = OutboxMessage.objects.count()
    walker.client.get("/deneme", follow=True)
    assert OutboxMessage.objects.count() == before


@here
def test_five_wrong_codes_end_the_session(walker: Walker) -> None:
    walker.sign_in()
    walker.client.post("/dogrulama/kod")
    for _ in range(5):
        walker.client.post("/dogrulama", {"sms_code": wrong_code()})
    assert walker.client.get("/islemler").status_code == 302


@here
@pytest.mark.parametrize("elsewhere", ["https://kerem.example/", "//kerem.example", "javascript:alert(1)"])
def test_it_leads_to_no_foreign_address(walker: Walker, elsewhere: str) -> None:
    walker.sign_in()
    walker.client.post("/dogrulama/kod")
    led = walker.client.post(f"/dogrulama?sonra={elsewhere}", {"sms_code": newest_code()})
    assert led["Location"] == "/islemler"


@here
def test_the_way_on_keeps_what_the_address_asked_for(walker: Walker) -> None:
    walker.sign_in()
    assert walker.get("/deneme?dil=1")["Location"] == "/dogrulama?sonra=%2Fdeneme%3Fdil%3D1"


@here
@pytest.mark.parametrize(
    ("stood_on", "led_to"),
    [
        ("http://testserver/deneme?gizli=1", "/deneme"),
        ("http://testserver/nowhere", "/islemler"),
        ("https://kerem.example/deneme", "/islemler"),
        ("", "/islemler"),
    ],
)
def test_of_a_form_that_came_too_late_its_page_is_shown_again(
    walker: Walker, stood_on: str, led_to: str
) -> None:
    walker.sign_in()
    late = walker.client.post("/deneme/gonder", headers={"referer": stood_on})
    assert late["Location"] == f"/dogrulama?{urlencode({'sonra': led_to})}"


@here
def test_the_proof_counts_in_this_session_alone_and_renews_it(walker: Walker) -> None:
    walker.sign_in()
    before = walker.client.cookies["kilitcoz"].value
    token = walker.client.cookies["kilitcoz-csrf"].value
    prove(walker)
    assert walker.client.get("/deneme").status_code == 200
    assert walker.client.cookies["kilitcoz"].value != before
    assert walker.client.cookies["kilitcoz-csrf"].value != token
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        other = Walker(Client(), walker.holder)
        other.sign_in()
        assert other.client.get("/deneme").status_code == 302
    stale = Client()
    stale.cookies["kilitcoz"] = before
    assert stale.get("/deneme")["Location"].startswith("/giris")


@here
def test_who_signed_in_by_card_a_moment_ago_is_not_asked(walker: Walker) -> None:
    with time_machine.travel(timezone.now()) as clock:
        session = SessionStore()
        sessions.sign_in(session, walker.holder, timezone.now(), by=sessions.Way.CARD)
        session.save()
        walker.client.cookies["kilitcoz"] = str(session.session_key)
        assert walker.get("/deneme").status_code == 200
        clock.shift(timedelta(minutes=5, seconds=1))
        assert walker.get("/deneme").status_code == 302


@here
def test_a07_no_code_of_one_purpose_serves_another(walker: Walker) -> None:
    card_of(walker.holder)
    with time_machine.travel(timezone.now()) as clock:
        walker.enter_word()
        login_code = walker.ask_for_code()
        walker.post("/giris/sms/kod", sms_code=login_code)
        operation_page = str(walker.start_unlock()["Location"])
        unlock_code = newest_code()
        clock.shift(timedelta(seconds=61))
        walker.post("/dogrulama/kod")
        step_up_code = newest_code()
        for other in {login_code, unlock_code} - {step_up_code}:
            walker.post("/dogrulama", sms_code=other)
            assert walker.get("/deneme").status_code == 302
        for other in {login_code, step_up_code} - {unlock_code}:
            walker.post(f"{operation_page}/kod", sms_code=other)
            assert Operation.objects.get().state == State.AWAITING_CODE
        walker.post("/dogrulama", sms_code=step_up_code)
        assert walker.get("/deneme").status_code == 200
        assert Operation.objects.get().state == State.AWAITING_CODE
        walker.post(f"{operation_page}/kod", sms_code=step_up_code)
        assert Operation.objects.get().state == State.AWAITING_CODE
        walker.post(f"{operation_page}/kod", sms_code=unlock_code)
        assert Operation.objects.get().state == State.AUTHORISED


@here
def test_another_way_is_offered_to_who_has_it_and_sms_only_where_it_is_open(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = StepUpWay("key", "Anahtarla doğrula", "menu", lambda _: True)
    monkeypatch.setattr(views, "WAYS", (stepping_up.SMS, key))
    walker.sign_in()
    page = walker.get("/dogrulama?sonra=/deneme").content.decode()
    assert 'href="/islemler?sonra=%2Fdeneme">Anahtarla doğrula</a>' in page
    assert "Kod şu numaraya gönderilecek" in page
    walker.post("/dogrulama/kod?sonra=/deneme")
    page = walker.get("/dogrulama?sonra=/deneme").content.decode()
    assert 'href="/dogrulama?sonra=%2Fdeneme&amp;yol=sec"' in page
    assert "Anahtarla doğrula" in walker.get("/dogrulama?sonra=%2Fdeneme&yol=sec").content.decode()

    closed = StepUpWay("sms", "", "step-up", lambda _: False)
    monkeypatch.setattr(views, "SMS", closed)
    monkeypatch.setattr(views, "WAYS", (closed, key))
    assert "Kod şu numaraya gönderilecek" not in walker.get("/dogrulama").content.decode()
    sent = OutboxMessage.objects.count()
    walker.post("/dogrulama/kod")
    walker.post("/dogrulama", sms_code=newest_code())
    assert OutboxMessage.objects.count() == sent
    assert walker.get("/deneme").status_code == 302


@here
def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/deneme")["Location"].startswith("/giris")
    assert client.post("/dogrulama/kod")["Location"].startswith("/giris")


def prove(walker: Walker) -> None:
    walker.client.post("/dogrulama/kod")
    walker.client.post("/dogrulama", {"sms_code": newest_code()})


def newest_text() -> str:
    return OutboxMessage.objects.latest("pk").text


def newest_code() -> str:
    return newest_text().rpartition("#")[2]


def wrong_code() -> str:
    return "000000" if newest_code() != "000000" else "111111"
