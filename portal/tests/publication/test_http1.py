"""The little HTTP that the OCSP listener speaks: what it takes, and what it will not guess about."""

from __future__ import annotations

import base64
from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kilitcoz_portal.ca.answers import MALFORMED, Answer
from kilitcoz_portal.publication import http1
from kilitcoz_portal.publication.http1 import Call, Refused

RAW = bytes(range(64))
KIND = "Content-Type: application/ocsp-request"


def request(line: str, *fields: str, body: bytes = b"") -> bytes:
    return "\r\n".join([line, "Host: ocsp.ornek.example", *fields, "", ""]).encode() + body


GET = request(f"GET /ocsp/{quote(base64.b64encode(RAW).decode(), safe='')} HTTP/1.1")
POST = request("POST /ocsp HTTP/1.1", KIND, f"Content-Length: {len(RAW)}", body=RAW)


@settings(deadline=None)
@given(st.lists(st.sampled_from([GET, POST]), max_size=4), st.lists(st.integers(1, 40), min_size=1))
def test_however_the_bytes_arrive_the_calls_are_the_same(requests: list[bytes], steps: list[int]) -> None:
    waiting, received, calls, turn = b"".join(requests), bytearray(), [], 0
    while waiting:
        step = steps[turn % len(steps)]
        received += waiting[:step]
        waiting, turn = waiting[step:], turn + 1
        while call := http1.take(received):
            calls.append(call)
    assert calls == [Call(RAW, stays_open=True)] * len(requests)
    assert not received


@pytest.mark.parametrize(
    ("version", "fields", "stays"),
    [
        ("1.1", [], True),
        ("1.1", ["Connection: Close"], False),
        ("1.0", [], False),
        ("1.0", ["connection: keep-alive"], True),
    ],
)
def test_a_connection_stays_open_as_the_client_wishes(version: str, fields: list[str], stays: bool) -> None:
    call = taken(request(f"POST /ocsp HTTP/{version}", KIND, "Content-Length: 64", *fields, body=RAW))
    assert call == Call(RAW, stays)


@pytest.mark.parametrize("target", ["/ocsp/%21%21", "/ocsp/MA", "/ocsp/"])
def test_what_is_not_base64_is_a_call_without_a_question(target: str) -> None:
    assert taken(request(f"GET {target} HTTP/1.1")) == Call(b"", stays_open=True)


def test_a_body_of_another_type_is_no_question() -> None:
    call = taken(request("POST /ocsp HTTP/1.1", "Content-Type: text/plain", "Content-Length: 64", body=RAW))
    assert call.raw != RAW


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (request("GET / HTTP/1.1"), 404),
        (request("POST /ocsp/x HTTP/1.1", KIND), 404),
        (request("PUT /ocsp HTTP/1.1"), 400),
        (request("GET  /ocsp/AA HTTP/1.1"), 400),
        (request("GET /ocsp/AA HTTP/2.0"), 400),
        (b"GET /ocsp/AA HTTP/1.1\r\n\r\n", 400),  # no host
        (request("GET /ocsp/AA HTTP/1.1", "Content-Length: 1", body=b"x"), 400),
        (request("POST /ocsp HTTP/1.1", "Transfer-Encoding: chunked"), 400),
        (request("POST /ocsp HTTP/1.1", "Content-Length : 64"), 400),
        (request("POST /ocsp HTTP/1.1", "Content-Length: +64"), 400),
        (request("POST /ocsp HTTP/1.1", "Content-Length: 64", "Content-Length: 65"), 400),
        (request("POST /ocsp HTTP/1.1", "X: a\n b"), 400),
        (request("POST /ocsp HTTP/1.1", " folded"), 400),
        (request("POST /ocsp HTTP/1.1", "Content-Length: 8193"), 413),
        (request("POST /ocsp HTTP/1.1", f"Content-Length: {'9' * 5000}"), 413),
        (b"GET /ocsp/" + b"A" * http1.MOST_HEAD_BYTES, 413),
    ],
)
def test_what_is_not_plain_is_refused(raw: bytes, status: int) -> None:
    with pytest.raises(Refused) as refused:
        http1.take(bytearray(raw))
    assert refused.value.status == status
    assert http1.refusal(status).endswith(b"Connection: close\r\n\r\n")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_comes_is_taken_refused_or_waited_for(raw: bytes) -> None:
    with suppress(Refused):
        http1.take(bytearray(raw))


def test_an_answer_says_how_long_it_may_be_kept() -> None:
    said = http1.put(Answer(b"der", 0, 3600), Call(RAW, stays_open=True), 60).decode()
    assert said == (
        "HTTP/1.1 200 OK\r\n"
        "Cache-Control: public, max-age=10, must-revalidate\r\n"
        "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
        "Expires: Thu, 01 Jan 1970 01:00:00 GMT\r\n"
        "Date: Thu, 01 Jan 1970 00:01:00 GMT\r\n"
        'ETag: "7d44c33cf9a82ab9bd5300d266784504e9772177"\r\n'
        "Content-Type: application/ocsp-response\r\n"
        "Content-Length: 3\r\n"
        "Connection: keep-alive\r\n"
        "\r\n"
        "der"
    )


def test_an_error_is_kept_nowhere() -> None:
    assert b"Cache-Control: no-store\r\n" in http1.put(MALFORMED, Call(b"", stays_open=False), 60)


def test_whoever_has_the_answer_already_is_told_so() -> None:
    answer = Answer(b"der", 0, 3600)
    tag = http1.put(answer, Call(RAW, stays_open=True), 60).partition(b"ETag: ")[2].partition(b"\r\n")[0]
    again = http1.put(answer, Call(RAW, stays_open=True, if_none_match=tag), 60)
    assert again.startswith(b"HTTP/1.1 304 Not Modified\r\n")
    assert again.endswith(b"\r\n\r\n")


def test_the_head_alone_has_the_lengths_of_the_whole() -> None:
    head = http1.put(Answer(b"der", 0, 3600), Call(RAW, stays_open=True, head_only=True), 60)
    assert b"Content-Length: 3\r\n" in head
    assert head.endswith(b"\r\n\r\n")


def taken(raw: bytes) -> Call:
    call = http1.take(bytearray(raw))
    assert call is not None
    return call
