"""Who may speak to the local page: hostile sites, foreign names, other users (A14, A15, A16, A20)."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from agent.tests.stage import Stage

from kilitcoz_agent.local_key import announce
from kilitcoz_agent.operation.operation import Door
from kilitcoz_agent.web.app import local_app
from kilitcoz_agent.web.guards import SECURITY_HEADERS
from kilitcoz_agent.web.peer import peer_uid

PORT = 35853
OURS = f"http://127.0.0.1:{PORT}"
JSON = {"content-type": "application/json"}


class Page:
    """The local page of a card service, spoken to by anybody."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.service = stage.service()
        self._app = local_app(self.service, announce(stage.files.service, PORT), peer_check=lambda *_: True)

    def asks(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> httpx.Response:
        """One request, its headers as given; Host is ours unless given."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, client=("127.0.0.1", 50000))
            async with httpx.AsyncClient(transport=transport, base_url=OURS) as client:
                return await client.request(method, path, headers=headers, content=body)

        return asyncio.run(asked())

    def token(self) -> str:
        """The token of a page that was loaded just now."""
        match = re.search(r'name="page-token" content="([^"]+)"', self.asks("GET", "/").text)
        assert match is not None
        return match[1]

    def ours(self, **more: str) -> dict[str, str]:
        """The headers of our own page's script."""
        return {
            "origin": OURS,
            "sec-fetch-site": "same-origin",
            "x-kilitcoz-page": self.token(),
            **JSON,
            **more,
        }


@pytest.fixture
def local_page(tmp_path: Path) -> Iterator[Page]:
    with Stage(tmp_path) as stage:
        before = len(stage.card.log.commands)
        yield Page(stage)
        assert len(stage.card.log.commands) == before, "the card was touched"


@pytest.fixture
def untouched(local_page: Page) -> Iterator[Page]:
    yield local_page
    assert local_page.service.operation is None
    assert local_page.stage.portal.calls == []


def opening(page: Page) -> bytes:
    return b'{"capability": "' + page.stage.portal.capability().encode() + b'"}'


def test_our_own_page_may_act(local_page: Page) -> None:
    answer = local_page.asks("POST", "/api/language", local_page.ours(), b'{"language": "en"}')
    assert answer.status_code == 200
    assert answer.json()["language"] == "en"


def test_the_ipv6_address_is_served_too(local_page: Page) -> None:
    host = f"[::1]:{PORT}"
    assert local_page.asks("GET", "/", {"host": host}).status_code == 200
    headers = local_page.ours(host=host, origin=f"http://{host}")
    assert local_page.asks("POST", "/api/language", headers, b'{"language": "tr"}').status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://kilit.example",
        "null",
        "",
        "http://127.0.0.1",
        f"https://127.0.0.1:{PORT}",
        f"http://localhost:{PORT}",
        f"http://[::1]:{PORT}",
        f"http://127.0.0.1:{PORT}/",
        "http://127.0.0.1:1",
        "file://",
    ],
)
def test_a14_a_post_from_any_other_origin_is_refused(untouched: Page, origin: str) -> None:
    answer = untouched.asks("POST", "/api/open", untouched.ours(origin=origin), opening(untouched))
    assert answer.status_code == 403


def test_a14_a_post_without_an_origin_is_refused(untouched: Page) -> None:
    headers = untouched.ours()
    del headers["origin"]
    assert untouched.asks("POST", "/api/open", headers, opening(untouched)).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a14_a_post_that_a_browser_calls_foreign_is_refused(untouched: Page, site: str) -> None:
    headers = untouched.ours(**{"sec-fetch-site": site})
    assert untouched.asks("POST", "/api/open", headers, opening(untouched)).status_code == 403


def test_a14_without_the_pages_token_nothing_is_done(untouched: Page) -> None:
    for token in ("", "x", "x.y", untouched.token()[:-1], untouched.token() + "0"):
        headers = untouched.ours(**{"x-kilitcoz-page": token})
        assert untouched.asks("POST", "/api/open", headers, opening(untouched)).status_code == 401
        assert untouched.asks("GET", "/api/view", {"x-kilitcoz-page": token}).status_code == 401


@pytest.mark.parametrize(
    "destination", ["iframe", "frame", "object", "embed", "script", "image", "empty", "worker"]
)
def test_a14_no_frame_and_no_fetch_of_another_site_is_answered(untouched: Page, destination: str) -> None:
    mode = "navigate" if destination in ("iframe", "frame", "object", "embed") else "no-cors"
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode, "sec-fetch-dest": destination}
    for path in ("/", "/api/view", "/static/page.js"):
        assert untouched.asks("GET", path, headers).status_code == 403


def test_a14_a_fetch_with_a_foreign_origin_is_not_answered(untouched: Page) -> None:
    assert untouched.asks("GET", "/", {"origin": "https://evil.example"}).status_code == 403


def test_a14_a_preflight_is_refused(untouched: Page) -> None:
    headers = {
        "origin": "https://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-kilitcoz-page",
        "access-control-request-private-network": "true",
    }
    answer = untouched.asks("OPTIONS", "/api/open", headers)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a14_a_websocket_is_not_spoken(untouched: Page) -> None:
    headers = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-version": "13",
        "origin": "https://evil.example",
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "websocket",
    }
    assert untouched.asks("GET", "/api/view", headers).status_code == 403


def test_the_portals_link_opens_the_page_in_a_tab(local_page: Page) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert local_page.asks("GET", "/", headers).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        f"127.0.0.1:{PORT + 1}",
        f"localhost:{PORT}",
        f"127.0.0.1.evil.example:{PORT}",
        f"127.1:{PORT}",
        f"2130706433:{PORT}",
        f"[::ffff:127.0.0.1]:{PORT}",
        "",
        f"127.0.0.1:{PORT} ",
    ],
)
def test_a15_a_foreign_host_is_refused(untouched: Page, host: str) -> None:
    for method, path in (("GET", "/"), ("GET", "/api/service?challenge=" + "x" * 20), ("POST", "/api/open")):
        assert untouched.asks(method, path, untouched.ours(host=host), opening(untouched)).status_code == 421


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE"])
def test_a16_only_post_acts(untouched: Page, method: str) -> None:
    for path in ("/api/open", "/api/set-pin", "/api/cancel", "/api/hand-over"):
        answer = untouched.asks(method, path, untouched.ours(), opening(untouched))
        assert answer.status_code == 405


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json"],
)
def test_a16_a_form_post_is_refused(untouched: Page, content_type: str) -> None:
    headers = untouched.ours(**{"content-type": content_type})
    assert untouched.asks("POST", "/api/open", headers, opening(untouched)).status_code == 415


def test_a16_reading_changes_nothing(local_page: Page) -> None:
    local_page.service.speak(local_page.service.language)
    version = local_page.service.version
    for path in ("/", "/static/page.js", "/api/view", "/api/service?challenge=" + "x" * 20, "/nowhere"):
        local_page.asks("GET", path, {"x-kilitcoz-page": local_page.token()})
    assert local_page.service.version == version


def test_a_body_without_a_length_or_too_long_is_refused(untouched: Page) -> None:
    too_long = untouched.ours(**{"content-length": str(10**6)})
    assert untouched.asks("POST", "/api/open", too_long, b"{}").status_code == 413
    assert (
        untouched.asks("POST", "/api/open", untouched.ours(**{"content-length": "x"}), b"{}").status_code
        == 411
    )


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/api/view", "/nowhere", "/api/open"])
def test_every_answer_has_the_security_headers(local_page: Page, path: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answer = local_page.asks(method, path)
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers.get_list(name) == [value]
        assert "server" not in answer.headers


def test_the_policy_lets_nothing_in_line_and_nothing_framed(local_page: Page) -> None:
    answer = local_page.asks("GET", "/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script>|<style|\son\w+=|style=", answer.text)


def test_a20_the_kernel_tells_whose_connection_it_is(tmp_path: Path) -> None:
    for family, address in (("AF_INET", "127.0.0.1"), ("AF_INET6", "::1")):
        listener, program = _connected_by_another_process(family, address, uid=None)
        with listener:
            accepted, client = listener.accept()
            with accepted:
                assert peer_uid(client[:2], accepted.getsockname()[:2]) == os.getuid()
        program.communicate(b"\n", timeout=10)


@pytest.mark.skipif(os.getuid() != 0, reason="becoming another user needs root")
def test_a20_another_user_of_the_same_machine_is_refused(tmp_path: Path) -> None:
    listener, program = _connected_by_another_process("AF_INET", "127.0.0.1", uid=65534)
    with listener:
        accepted, client = listener.accept()
        with accepted:
            assert peer_uid(client[:2], accepted.getsockname()[:2]) == 65534
            assert _status_seen_by(client[:2], accepted.getsockname()[:2], tmp_path) == 403
    program.communicate(b"\n", timeout=10)


def test_a20_a_connection_the_kernel_does_not_know_is_refused(tmp_path: Path) -> None:
    assert _status_seen_by(("127.0.0.1", 1), ("127.0.0.1", PORT), tmp_path) == 403


def _connected_by_another_process(family: str, address: str, uid: int | None) -> tuple[Any, Any]:
    import socket

    listener = socket.socket(getattr(socket, family), socket.SOCK_STREAM)
    listener.bind((address, 0))
    listener.listen(1)
    port = listener.getsockname()[1]
    code = f"import socket,sys; s=socket.create_connection(('{address}',{port})); sys.stdin.read(1)"
    executable = sys.executable if uid is None else "/usr/bin/python3"
    program = subprocess.Popen([executable, "-c", code], stdin=subprocess.PIPE, user=uid, env={})
    return listener, program


def _status_seen_by(client: tuple[str, int], server: tuple[str, int], folder: Path) -> int:
    """What a request over this connection is answered."""
    sent: list[dict[str, Any]] = []

    async def asked(stage: Stage) -> None:
        app = local_app(stage.service(), announce(stage.files.service, PORT))
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", f"127.0.0.1:{PORT}".encode())],
            "client": client,
            "server": server,
            "http_version": "1.1",
            "scheme": "http",
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            sent.append(message)

        await app(scope, receive, send)

    with Stage(folder) as stage:
        asyncio.run(asked(stage))
    return int(sent[0]["status"])


def test_the_second_door_needs_the_mark_of_this_user(local_page: Page) -> None:
    for mark in ("", "0" * 64):
        headers = {"origin": OURS, "x-kilitcoz-mark": mark, **JSON}
        assert local_page.asks("POST", "/api/hand-over", headers, opening(local_page)).status_code == 401
    assert local_page.service.operation is None
    assert Door.SCHEME == "scheme"
