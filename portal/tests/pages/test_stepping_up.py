"""A fresh proof before what protects the account is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from portal.tests.pages.walking import Walker

from kilitcoz_portal.config.urls import urlpatterns as portal_addresses
from kilitcoz_portal.pages.stepping_up import stepped_up
from kilitcoz_portal.pages.visitors import Visitor
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = pytest.mark.django_db


@stepped_up
def guarded(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return HttpResponse(f"changed by {visitor.holder.name}")


urlpatterns = [*portal_addresses, path("deneme", guarded)]
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
def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/deneme")["Location"].startswith("/giris")
    assert client.post("/dogrulama/kod")["Location"].startswith("/giris")


def newest_text() -> str:
    return OutboxMessage.objects.latest("pk").text


def newest_code() -> str:
    return newest_text().rpartition("#")[2]


def wrong_code() -> str:
    return "000000" if newest_code() != "000000" else "111111"
