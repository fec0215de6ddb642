"""The agent API as HTTP: limits before parsing, refusals as one shape, the well-known document."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from portal.tests import cast
from portal.tests.card_service import CardService, Refused, post
from portal.tests.cast import KEREMS_BROWSER, NOW
from portal.tests.marks import ON_BOTH
from pytest_django.fixtures import Settings

from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.messages import (
    MAX_MESSAGE,
    KeyAlgorithm,
    MadeKey,
    MadeKeys,
    ManagementChallenge,
    Outcome,
    PairRequest,
    Result,
    WellKnown,
    WrittenCertificates,
)
from kilitcoz_cards.pin import UNTOLD
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.keys import keys

pytestmark = ON_BOTH

OP = "A" * 22
BODIES = {
    "claim": json.dumps({"sealed": "A" * 64}),
    "release": "{}",
    "result": Result(1, (), UNTOLD, UNTOLD, Outcome.ABORTED, "card-lost").to_json(),
    "login": json.dumps({"sealed": "A" * 64}),
    "desk": json.dumps({"sealed": "A" * 64}),
    "abort": '{"code":"card-lost"}',
    "plan": "{}",
    "cryptogram": ManagementChallenge(ManagementAlgorithm.AES_256, bytes(16)).to_json(),
    "keys": MadeKeys((MadeKey("9c", KeyAlgorithm.ECC_P256, bytes(91), bytes(70)),)).to_json(),
    "written": WrittenCertificates({"9c": "ab" * 32}).to_json(),
}
CALLS = ["pair", *(f"operations/{OP}/{call}" for call in ("claim", "release", "result", "login", "abort"))]


def test_the_well_known_document_has_our_origin_and_signing_key(client: Client) -> None:
    document = WellKnown.from_json(client.get("/.well-known/kilitcoz.json").content)
    assert document.origin == "http://127.0.0.1:8000"
    assert [(key.kid, key.key) for key in document.keys] == [(keys().kid, keys().signing_public)]


@pytest.mark.parametrize("call", CALLS)
def test_more_than_64_kib_is_refused_before_it_is_read(client: Client, call: str) -> None:
    with mock.patch("django.http.request.HttpRequest.body", new_callable=mock.PropertyMock) as body:
        response = client.post(
            f"/agent/v1/{call}",
            b"{" + b" " * MAX_MESSAGE + b"}",
            content_type="application/json",
            headers={"Authorization": "Bearer x"},
        )
    assert (response.status_code, response.json()) == (413, {"code": "body-too-large"})
    body.assert_not_called()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_another_media_type_is_refused(client: Client, call: str, content_type: str) -> None:
    response = client.post(
        f"/agent/v1/{call}", b"{}", content_type=content_type, headers={"Authorization": "Bearer x"}
    )
    assert (response.status_code, response.json()["code"]) == (415, "media-type-refused")


@pytest.mark.parametrize("call", CALLS[1:])
@pytest.mark.parametrize("authorization", ["", "Basic eDp4", "Bearer ", "Bearer " + "x" * 5000])
def test_without_a_bearer_nothing_is_done(client: Client, call: str, authorization: str) -> None:
    response = client.post(
        f"/agent/v1/{call}", b"{}", content_type="application/json", headers={"Authorization": authorization}
    )
    assert (response.status_code, response.json()["code"]) == (401, "bearer-missing")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"[]",
        b"null",
        b"{",
        b'{"pairing_code":1}',
        b'{"pairing_code":"ABCD2345","x":1}',
        b'{"pairing_code":"abcd2345"}',
        b'{"pairing_code":"ABCD2345","pairing_code":"ABCD2345"}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_what_is_not_the_message_is_malformed(client: Client, body: bytes) -> None:
    response = client.post("/agent/v1/pair", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (422, "message-malformed")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
@pytest.mark.parametrize("call", CALLS)
def test_a16_nothing_but_post_changes_anything(client: Client, call: str, method: str) -> None:
    assert getattr(client, method)(f"/agent/v1/{call}").status_code == 405


def test_an_answer_is_not_stored_and_a_refusal_names_the_state(client: Client) -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, NOW)
    service = CardService(capability, None, NOW)
    service.claim()
    with pytest.raises(Refused) as refused:
        service.release()
    assert (refused.value.status, refused.value.code, refused.value.state) == (
        409,
        "release-not-identified",
        "claimed",
    )


def test_pairing_over_http_counts_by_the_address_that_our_proxy_saw(
    client: Client, settings: Settings
) -> None:
    settings.KILITCOZ_PAIRING_HOURLY = 1
    settings.KILITCOZ_BEHIND_PROXY = True
    body = PairRequest("ABCDEFGH").to_json()

    def pair_from(forwarded: str) -> str:
        response = client.post(
            "/agent/v1/pair", body, content_type="application/json", headers={"X-Forwarded-For": forwarded}
        )
        code: str = response.json()["code"]
        return code

    assert pair_from("192.0.2.1") == "pairing-code-refused"
    assert pair_from("10.9.9.9, 192.0.2.1") == "too-many-attempts"
    assert pair_from("192.0.2.1, 192.0.2.7") == "pairing-code-refused"


def test_a_busy_database_is_said_so_and_the_call_may_be_repeated(client: Client) -> None:
    busy = mock.patch("kilitcoz_portal.operations.pairing.pair", side_effect=OperationalError("locked"))
    with busy, pytest.raises(Refused) as refused:
        post(client, "/agent/v1/pair", PairRequest("ABCDEFGH").to_json(), None, NOW)
    assert (refused.value.status, refused.value.code) == (503, "portal-busy")


def test_no_bearer_body_or_secret_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, NOW)
    service = CardService(capability, enrolled.simulated, NOW)
    service.claim()
    release = service.release()
    service.report(service.transact(release))
    service.now = NOW + timedelta(days=1)
    with pytest.raises(Refused):
        service.claim()
    for secret in (capability, service.session, enrolled.puk, release.new.reveal().decode(), "482913"):
        assert secret not in caplog.text


def test_the_openapi_document_lists_the_calls_with_their_bodies(client: Client) -> None:
    document = json.loads(client.get("/agent/v1/openapi.json").content)
    assert sorted(document["paths"]) == [
        "/agent/v1/operations/{op}/abort",
        "/agent/v1/operations/{op}/claim",
        "/agent/v1/operations/{op}/cryptogram",
        "/agent/v1/operations/{op}/desk",
        "/agent/v1/operations/{op}/keys",
        "/agent/v1/operations/{op}/login",
        "/agent/v1/operations/{op}/plan",
        "/agent/v1/operations/{op}/release",
        "/agent/v1/operations/{op}/result",
        "/agent/v1/operations/{op}/sign",
        "/agent/v1/operations/{op}/written",
        "/agent/v1/pair",
    ]
    for path in document["paths"].values():
        assert "application/json" in path["post"]["requestBody"]["content"]


@pytest.mark.parametrize("call", sorted(BODIES))
@pytest.mark.parametrize("bearer", ["another's capability", "another's session"])
def test_a40_with_anothers_bearer_an_operation_is_as_unknown_and_the_books_know(
    client: Client, call: str, bearer: str
) -> None:
    ayses = cast.authorised(cast.card_of(cast.ayse()))
    mehmets = cast.authorised(cast.card_of(cast.mehmet()), browser=KEREMS_BROWSER)
    capability = operations.issue_capability(mehmets.pk, KEREMS_BROWSER, NOW)
    presented = capability if bearer == "another's capability" else "x" * 43
    with time_machine.travel(NOW, tick=False):
        answers = [
            client.post(
                f"/agent/v1/operations/{operation}/{call}",
                BODIES[call],
                content_type="application/json",
                headers={"Authorization": f"Bearer {presented}"},
            )
            for operation in (OP, ayses.pk)
        ]
    if (bearer, call) == (
        "another's session",
        "claim",
    ):  # no capability: nothing is looked up
        assert [answer.status_code for answer in answers] == [401, 401]
        return
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content == b'{"code":"operation-not-found"}'
    events = AuditEvent.objects.filter(event="foreign-object-asked")
    assert [event.operation_id for event in events] == [ayses.pk]
