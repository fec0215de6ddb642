"""The screen of figure 5 while the code is on its way, and when it is in doubt or never left (A13)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests import people
from portal.tests.carriers import Carrier, carry_sms, work
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW

from kilitcoz_portal.outgoing import receipts
from kilitcoz_portal.outgoing.gateways import AnswerLost, NotAccepted, Refused
from kilitcoz_portal.outgoing.models import Message

pytestmark = pytest.mark.django_db

CODE_PAGE = "/giris/sms/kod"
RESEND = "Yeni kod iste"


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The only gateway; a worker has to run for it."""
    carrier = Carrier()
    carry_sms(monkeypatch, carrier)
    return carrier


def code_of(carrier: Carrier) -> str:
    """The newest: notices may have been handed over after it."""
    return [parcel.text[-6:] for parcel in carrier.handed if parcel.purpose != "notice"][-1]


def page(response: Any) -> str:
    return str(response.content.decode())


def stage_address(body: str) -> str:
    """Where the page's script asks."""
    return re.findall(r'data-stage-at="([^"]+)"', body)[0]


def at(seconds: float) -> Any:
    return time_machine.travel(NOW + timedelta(seconds=seconds), tick=False)


def now() -> datetime:
    return timezone.now()


def test_a13_while_it_is_on_its_way_no_time_runs_and_no_other_is_offered(
    walker: Walker, carrier: Carrier
) -> None:
    carrier.down = NotAccepted("gateway-unreachable")
    with at(0):
        walker.enter_word()
        assert walker.post("/giris/sms")["Location"] == CODE_PAGE
    with at(360):
        body = page(walker.get(CODE_PAGE))
        assert "Kod gönderiliyor…" in body
        assert f'href="{CODE_PAGE}"' in body  # the link that needs no script
        assert "data-countdown" not in body
        assert RESEND not in body
        assert walker.get(stage_address(body)).json() == {"stage": "sending"}
        assert (
            walker.post("/giris/sms/yeni-kod")["Location"] == CODE_PAGE
        )  # asked for by hand: nothing is sent
        assert Message.objects.count() == 1
        carrier.down = None
        work(now())
        assert walker.get(stage_address(body)).json() == {"stage": "sent"}
        sent = page(walker.get(CODE_PAGE))
        assert 'data-countdown="300"' in sent
        assert RESEND in sent
    with at(360 + 299):
        assert walker.post(CODE_PAGE, sms_code=code_of(carrier))["Location"] == "/islemler"


def test_a13_an_unlock_waits_for_its_code_as_well(walker: Walker, carrier: Carrier) -> None:
    people.card_of(walker.holder)
    with at(0):
        walker.enter_word()
        walker.post("/giris/sms")
        work(now())
        walker.post(CODE_PAGE, sms_code=code_of(carrier))
        carrier.down = NotAccepted("gateway-unreachable")
        operation = str(walker.start_unlock()["Location"])
        assert "Kod gönderiliyor…" in page(walker.get(operation))
    with at(360):
        walker.get("/islemler")
        assert walker.start_unlock()["Location"] == operation  # resumed, and no second message
        body = page(walker.get(operation))
        carrier.down = None
        work(now())
        assert walker.get(stage_address(body)).json() == {"stage": "sent"}
    with at(400):
        assert walker.post(f"{operation}/kod", sms_code=code_of(carrier))["Location"] == operation
        assert Message.objects.filter(purpose="unlock").count() == 1


def test_a13_a_lost_answer_is_told_with_what_to_do(walker: Walker, carrier: Carrier) -> None:
    carrier.faults = [AnswerLost("answer-lost")]
    walker.enter_word()
    walker.post("/giris/sms")
    work(now())
    body = page(walker.get(CODE_PAGE))
    assert "kod size ulaşmış da olabilir" in body
    assert "data-countdown" in body
    assert RESEND in body
    assert walker.post(CODE_PAGE, sms_code=code_of(carrier))["Location"] == "/islemler"


def test_a_code_that_no_gateway_took_is_told_and_may_be_asked_for_again(
    walker: Walker, carrier: Carrier
) -> None:
    carrier.faults = [Refused("refused-by-gateway")]
    with at(0):
        walker.enter_word()
        walker.post("/giris/sms")
        work(now())
        body = page(walker.get(CODE_PAGE))
        assert "Kod gönderilemedi" in body
        assert "kod gönderdik" not in body
        assert "data-countdown" not in body
        assert RESEND in body
    with at(60):
        walker.post("/giris/sms/yeni-kod")
        work(now())
        assert walker.post(CODE_PAGE, sms_code=code_of(carrier))["Location"] == "/islemler"


def test_a_phone_that_was_not_reached_is_told(walker: Walker, carrier: Carrier) -> None:
    walker.enter_word()
    walker.post("/giris/sms")
    work(now())
    receipts.received("first", "first-1", now(), delivered=False, code="undelivered")
    assert "telefonunuza ulaşmadığını bildirdi" in page(walker.get(CODE_PAGE))


@pytest.mark.parametrize("address", ["/kod-durumu/login", "/kod-durumu/unlock?islem=x", "/kod-durumu/pigeon"])
def test_a40_nobody_else_learns_how_far_a_code_is(walker: Walker, carrier: Carrier, address: str) -> None:
    walker.enter_word()
    walker.post("/giris/sms")
    assert Client().get(address).status_code == 404
    other = Walker(Client(), walker.holder)
    other.enter_word()
    assert other.get(address).status_code == 404
