"""A login in a browser that the holder never used is told to every contact; in one's own it is not."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests.pages.walking import Walker

from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def later(days: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(days=days))


def test_a_first_login_in_a_browser_is_told_and_the_next_is_not(walker: Walker) -> None:
    walker.sign_in()
    assert Notice.objects.get().kind == "new-browser"
    with later(1):
        walker.sign_in()
    assert Notice.objects.count() == 1


def test_another_browser_is_told_with_its_name_and_half_its_address(walker: Walker) -> None:
    walker.holder.email = "ayse@ornek.example"
    walker.holder.save()
    walker.sign_in()
    headers = {"accept-language": "tr", "user-agent": FIREFOX}
    with later(1):
        Walker(Client(headers=headers, REMOTE_ADDR="192.0.2.77"), walker.holder).sign_in()
    assert "hesabınıza yeni bir tarayıcıdan girildi" in OutboxMessage.objects.latest("pk").text
    mail = OutboxMail.objects.latest("pk")
    assert "Firefox, Linux" in mail.text
    assert "192.0.2.…" in mail.text
    assert "192.0.2.77" not in mail.text


def test_what_a_stranger_calls_his_browser_gets_into_no_message(walker: Walker) -> None:
    walker.holder.email = "ayse@ornek.example"
    walker.holder.save()
    walker.client.defaults["HTTP_USER_AGENT"] = "Firefox/1 http://kerem.example/ Windows"
    walker.sign_in()
    assert "Firefox, Windows" in OutboxMail.objects.get().text
    assert "kerem" not in OutboxMail.objects.get().text


@pytest.mark.django_db(transaction=True)
def test_r8_nobody_is_signed_in_untold(walker: Walker) -> None:
    failing = mock.patch("kilitcoz_portal.notices.services.record", side_effect=RuntimeError)
    with failing, pytest.raises(RuntimeError):
        walker.sign_in()
    assert walker.get("/islemler")["Location"].startswith("/giris")
    assert (Notice.objects.count(), OutboxMessage.objects.filter(purpose="notice").count()) == (0, 0)
