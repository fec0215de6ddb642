"""A web service as a gateway: what is sent to it, byte for byte, and what its answers mean."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from portal.tests.people import NOW
from portal.tests.sms.web_service import WebService, web_service

from kilitcoz_portal.outgoing.gateways import AnswerLost, NotAccepted, Parcel, Refused
from kilitcoz_portal.sms.http.gateway import MOST_OF_A_REPLY, HttpGateway
from kilitcoz_portal.sms.http.settings import HttpSettings

TEXT = 'Örnek & Ortakları: giriş kodunuz 123456, "ışığı <b>"!\n\n@kilit.example #123456'
PARCEL = Parcel("reference-1", "+905321234567", "login", NOW, TEXT)
FORM = {"form": {"gsmno": "{phone}", "message": "{text}"}}


@pytest.fixture
def service() -> Iterator[WebService]:
    with web_service() as running:
        yield running


def gateway(service: WebService, **table: Any) -> HttpGateway:
    """The gateway of a table that has what every table must."""
    least = {"kind": "http", "url": service.url, "accepted": {"body": "^00 "}, "timeout": 5}
    return HttpGateway(
        "first", HttpSettings.model_validate({**least, **(FORM if not table else {}), **table})
    )


def send(service: WebService, **table: Any) -> str:
    return gateway(service, **table).send(PARCEL)


def test_a_form_carries_the_very_text(service: WebService) -> None:
    send(service, **FORM)
    (asked,) = service.asked
    assert (asked.method, asked.headers["Content-Type"]) == ("POST", "application/x-www-form-urlencoded")
    assert parse_qs(asked.body.decode()) == {"gsmno": ["+905321234567"], "message": [TEXT]}


def test_a_query_carries_the_very_text(service: WebService) -> None:
    send(service, method="GET", query={"gsmno": "{phone}", "message": "{text}", "dil": "TR"}, phone="digits")
    (asked,) = service.asked
    assert (asked.method, asked.body) == ("GET", b"")
    assert parse_qs(urlsplit(asked.target).query) == {
        "gsmno": ["905321234567"],
        "message": [TEXT],
        "dil": ["TR"],
    }


def test_json_carries_the_very_text_in_the_tables_own_form(service: WebService) -> None:
    document = {"encoding": "TR", "messages": [{"no": "{phone}", "msg": "{text}", "n": 1}], "ref": "{id}"}
    send(service, json=document, phone="national", headers={"X-Purpose": "{purpose}"})
    (asked,) = service.asked
    assert json.loads(asked.body) == {
        "encoding": "TR",
        "messages": [{"no": "5321234567", "msg": TEXT, "n": 1}],
        "ref": "reference-1",
    }
    assert (asked.headers["Content-Type"], asked.headers["X-Purpose"]) == ("application/json", "login")


def test_xml_carries_the_very_text_and_nothing_else_than_text(service: WebService) -> None:
    template = '<?xml version="1.0" encoding="UTF-8"?><sms to="{phone}"><msg>{text}</msg></sms>'
    send(service, xml=template, method="PUT", headers={"Content-Type": "application/xml"})
    (asked,) = service.asked
    document = ElementTree.fromstring(asked.body)
    assert (document.get("to"), document.findtext("msg"), len(document.findall(".//b"))) == (
        "+905321234567",
        TEXT,
        0,
    )


def test_a_text_that_looks_like_a_placeholder_stays_a_text(
    service: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = {"secrets": {"key": {"env": "KEY"}}, "headers": {"Authorization": "Bearer {secret.key}"}}
    monkeypatch.setattr("django.conf.settings.KILITCOZ_SECRETS", {"KEY": "gizli"}, raising=False)
    gateway(service, **FORM, **secret).send(
        Parcel("r", "+905321234567", "login", NOW, "{secret.key} {phone}")
    )
    (asked,) = service.asked
    assert parse_qs(asked.body.decode())["message"] == ["{secret.key} {phone}"]
    assert asked.headers["Authorization"] == "Bearer gizli"


def test_the_services_name_for_the_message_is_kept(service: WebService) -> None:
    assert send(service, **FORM, id={"body": r"^00 (\d+)"}) == "4711"
    service.answers = [(200, '{"code": "00", "jobs": [{"id": 4712}], "ok": true}')]
    accepted = {"json": "/code", "is": ["00"]}
    assert send(service, **FORM, accepted=accepted, id={"json": "/jobs/0/id"}) == "4712"
    assert send(service, **FORM, accepted={"json": "/ok", "matches": "^true$"}, id={"json": "/no"}) == ""


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((200, "30"), Refused("gateway-refused")),  # by the rule of the table
        ((200, "80"), NotAccepted("gateway-busy")),  # by the rule of the table
        ((200, "?"), AnswerLost("answer-unclear")),
        ((200, ""), AnswerLost("answer-unclear")),
        ((302, "elsewhere"), AnswerLost("answer-unclear")),
        ((400, "bad"), Refused("gateway-refused")),
        ((401, "who?"), Refused("gateway-refused")),
        (
            (429, "slowly"),
            AnswerLost("answer-unclear"),
        ),  # the table's own rule for "again" replaces the usual
        ((500, "ouch"), AnswerLost("answer-unclear")),
        ((502, "broken gateway"), AnswerLost("answer-unclear")),
    ],
)
def test_a13_an_answer_is_a_refusal_only_where_that_is_certain(
    service: WebService, answer: tuple[int, str], fault: Refused | NotAccepted | AnswerLost
) -> None:
    service.answers = [answer]
    rules = {"again": {"body": "^80$"}, "refused": {"body": "^(20|30|40|bad|who)"}}
    with pytest.raises(type(fault), match=fault.code):
        send(service, **FORM, **rules)


@pytest.mark.parametrize(
    ("status", "fault"), [(429, NotAccepted), (503, NotAccepted), (403, Refused), (504, AnswerLost)]
)
def test_without_rules_statuses_speak_for_themselves(
    service: WebService, status: int, fault: type[Exception]
) -> None:
    service.answers = [(status, "")]
    with pytest.raises(fault):
        send(service)


def test_a13_a_service_that_is_not_there_took_nothing() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(NotAccepted, match="gateway-unreachable"):
            send(WebService(port=deaf.getsockname()[1]))


def test_a13_a_service_that_hangs_up_may_have_taken_it(service: WebService) -> None:
    service.hangs_up = True
    with pytest.raises(AnswerLost, match="answer-lost"):
        send(service)
    assert len(service.asked) == 1


def test_a13_a_service_that_says_nothing_in_time_may_have_taken_it(service: WebService) -> None:
    service.silent = True
    with pytest.raises(AnswerLost, match="answer-lost"):
        send(service, **FORM, timeout=0.2)
    service.speak.set()
    assert len(service.asked) == 1


def test_a_reply_without_end_is_judged_by_its_beginning(service: WebService) -> None:
    service.answers = [(200, "00 4711 " + "x" * 3 * MOST_OF_A_REPLY)]
    assert send(service, **FORM, id={"body": r"^00 (\d+)"}) in {"4711", ""}


def test_a_redirection_is_not_followed(service: WebService) -> None:
    service.answers = [(307, "00 elsewhere")]
    send(service, **FORM, accepted={"body": "^00 ", "status": [307]})
    assert len(service.asked) == 1
