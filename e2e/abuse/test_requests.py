"""Requests that are not our own page's, at the moment when they could do most: A14 by programs, and A16."""

import json
import socket
from itertools import product

import pytest

from e2e.abuse.siege import Siege
from e2e.abuse.visitor import Visitor

ACTS = {
    "cancel": {},
    "set-pin": {"pin": "73920415", "repeat": "73920415"},
    "known": {},
    "language": {"language": "en"},
    "pair": {"pairing_code": "ABCD2345"},
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "QUERY")
CONTENT_TYPES = (
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "text/plain; x=application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/csp-report",
    "",
)
NOISE = (b"\x16\x03\x01\x02\x00\x01", b"set-pin\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 70_000)
READABLE = ("/", "/static/page.js", "/api/view", "/api/service?challenge=" + "x" * 20, "/api/", "//", "/..")


def foreign_origins(port: int) -> list[str | None]:
    """Every kind of origin that is not ours; None: no such header."""
    return [
        None,
        "",
        "null",
        "https://evil.example",
        "file://",
        f"http://localhost:{port}",
        f"http://[::1]:{port}",
        f"https://127.0.0.1:{port}",
        f"http://127.0.0.1:{port + 1}",
        "http://127.0.0.1",
        f"http://127.0.0.1:{port}.evil.example",
        f"http://127.0.0.1:{port}@evil.example",
        f"http://127.0.0.1:{port}/",
        f"HTTP://127.0.0.1:{port}",
        f"http://127.0.0.1:{port}, https://evil.example",
    ]


def test_our_own_page_may_act_so_that_the_refusals_below_mean_something(siege: Siege) -> None:
    assert siege.page.acts("language", language="tr").status == 200
    assert siege.page.acts("pair", pairing_code="x").status == 200


def test_a14_no_other_origin_acts_by_any_method_with_any_content_type(siege: Siege) -> None:
    token = siege.page.token()
    with siege.held():
        for origin, method, content_type in product(foreign_origins(siege.page.port), METHODS, CONTENT_TYPES):
            body = json.dumps(ACTS["set-pin"]).encode()
            headers = siege.page.ours(token, len(body)) | {"content-type": content_type}
            headers.pop("origin")
            if origin is not None:
                headers["origin"] = origin
            answer = siege.page.sends(method, "/api/set-pin", list(headers.items()), body)
            assert answer.status in (403, 404, 405), (origin, method, content_type)
            assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("act", ACTS)
def test_a14_a_request_that_a_browser_calls_foreign_does_nothing(siege: Siege, act: str) -> None:
    token = siege.page.token()
    body = json.dumps(ACTS[act]).encode()
    with siege.held():
        for site in ("cross-site", "same-site", "none", ""):
            headers = siege.page.ours(token, len(body)) | {"sec-fetch-site": site}
            assert siege.page.sends("POST", f"/api/{act}", list(headers.items()), body).status == 403


def test_a14_what_a_browser_adds_twice_is_refused(siege: Siege) -> None:
    body = json.dumps(ACTS["set-pin"]).encode()
    headers = list(siege.page.ours(siege.page.token(), len(body)).items())
    with siege.held():
        for doubled in (("origin", "https://evil.example"), ("origin", siege.page.origin)):
            assert siege.page.sends("POST", "/api/set-pin", [*headers, doubled], body).status == 403
        doubled = ("host", siege.page.host)
        assert siege.page.sends("POST", "/api/set-pin", [*headers, doubled], body).status in (400, 421)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a14_no_websocket_is_opened(siege: Siege, origin: str | None) -> None:
    headers = [
        ("host", siege.page.host),
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-version", "13"),
        *([("origin", origin)] if origin else []),
    ]
    with siege.held():
        for path in ("/", "/api/view", "/api/set-pin"):
            assert siege.page.sends("GET", path, headers).status != 101


def test_a14_what_is_no_http_does_nothing_and_is_not_answered_for_long(siege: Siege) -> None:
    with siege.held():
        for noise in (
            b"\x16\x03\x01\x02\x00\x01",
            b"set-pin\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"\0" * 70_000,
        ):
            with socket.create_connection(("127.0.0.1", siege.page.port), timeout=10) as connection:
                connection.sendall(noise)
                connection.shutdown(socket.SHUT_WR)
                answer = connection.recv(4096)
                assert answer == b"" or answer.startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize("method", [method for method in METHODS if method != "POST"])
def test_a16_nothing_but_post_changes_anything_even_from_our_own_page(siege: Siege, method: str) -> None:
    token = siege.page.token()
    with siege.held():
        for act, fields in ACTS.items():
            body = json.dumps(fields).encode()
            headers = list(siege.page.ours(token, len(body)).items())
            query = "&".join(f"{name}={value}" for name, value in fields.items())
            for path in (f"/api/{act}", f"/api/{act}?{query}"):
                assert siege.page.sends(method, path, headers, body).status in (403, 404, 405)


@pytest.mark.parametrize("content_type", [each for each in CONTENT_TYPES if "json" not in each.split(";")[0]])
def test_a16_a_form_or_a_text_changes_nothing_even_from_our_own_page(siege: Siege, content_type: str) -> None:
    token = siege.page.token()
    with siege.held():
        for act, fields in ACTS.items():
            as_form = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
            for body in (json.dumps(fields).encode(), as_form):
                headers = siege.page.ours(token, len(body)) | {"content-type": content_type}
                answer = siege.page.sends("POST", f"/api/{act}", list(headers.items()), body)
                assert answer.status == 415, (act, content_type)


def test_a16_reading_everything_changes_nothing(siege: Siege) -> None:
    headers = [("host", siege.page.host), ("x-kilitcoz-page", siege.page.token())]
    with siege.held():
        for path in (
            "/",
            "/static/page.js",
            "/api/view",
            "/api/service?challenge=" + "x" * 20,
            "/api/",
            "//",
            "/..",
        ):
            for method in ("GET", "HEAD"):
                assert siege.page.sends(method, path, headers).status in (200, 404, 405)


PORTAL_ACTS = ("", "/kod", "/yeni-kod", "/eslestirme", "/iptal")


@pytest.fixture
def portal(siege: Siege) -> Visitor:
    """The browser that began, at the portal."""
    return siege.visitor


def test_a16_reading_the_portal_changes_nothing(siege: Siege, portal: Visitor) -> None:
    paths = [f"{portal.page}{act}" for act in PORTAL_ACTS]
    with siege.held():
        for path in [*paths, f"/donus/{portal.operation}", "/cikis", "/islemler/kilit-cozme/burada-basla"]:
            assert portal.get(path).status_code in (200, 302, 405)


def test_a16_the_portal_takes_no_form_that_is_not_its_own(siege: Siege, portal: Visitor) -> None:
    cookies = {"cookie": "; ".join(f"{name}={value}" for name, value in portal.cookies.items())}
    forms = ("application/x-www-form-urlencoded", "text/plain", "application/json")
    with siege.held():
        for act, kind in product(PORTAL_ACTS[1:], forms):
            answer = portal.raw("POST", f"{portal.page}{act}", headers=cookies | {"content-type": kind})
            assert answer.status_code == 403


def test_a16_the_agent_api_takes_json_by_post_and_nothing_else(siege: Siege, portal: Visitor) -> None:
    calls = [
        f"/agent/v1/operations/{portal.operation}/{call}" for call in ("claim", "release", "result", "abort")
    ]
    with siege.held():
        for path, method in product([*calls, "/agent/v1/pair"], ("GET", "HEAD", "PUT", "DELETE", "PATCH")):
            assert portal.raw(method, path).status_code == 405
        for path, kind in product([*calls, "/agent/v1/pair"], CONTENT_TYPES[2:]):
            headers = {"content-type": kind, "authorization": f"Bearer {'x' * 43}"}
            assert portal.raw("POST", path, headers=headers, content=b"{}").status_code == 415
