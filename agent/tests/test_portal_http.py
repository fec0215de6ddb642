"""The wire to the portal: what is an answer, a refusal, nonsense, silence; and no proxy for this machine."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from agent.tests.counterpart import PAIRING_CODE, CounterpartPortal
from agent.tests.stage import make_card

from kilitcoz_agent.errors import AgentError, PortalAnswerInvalid, PortalRefused, PortalUnreachable
from kilitcoz_agent.portal import http
from kilitcoz_agent.portal.connections import PortalConnections


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[str]:
    """A server that answers every POST like this; yields its origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def posted(origin: str) -> bytes:
    """The body of what a POST to this origin is answered."""

    async def post() -> bytes:
        async with http.client_for(origin) as client:
            return (await http.post(client, "/agent/v1/pair", b"{}", "bearer")).body

    return asyncio.run(post())


def fault(status: int, body: bytes, **headers: str) -> AgentError:
    with answering(status, body, **headers) as origin, pytest.raises(AgentError) as met:
        posted(origin)
    return met.value


def test_an_answer_is_its_body() -> None:
    with answering(200, b'{"capability":"x"}') as origin:
        assert posted(origin) == b'{"capability":"x"}'


def test_a_refusal_carries_the_portals_code_and_the_operations_state() -> None:
    refused = fault(409, b'{"code":"operation-expired","operation_state":"expired"}')
    assert isinstance(refused, PortalRefused)
    assert (refused.code, refused.operation_state) == ("operation-expired", "expired")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_portal_that_is_not_there_right_now_is_asked_again_later(status: int) -> None:
    assert isinstance(fault(status, b"<html>"), PortalUnreachable)


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b"<html>"), (400, b"{}"), (400, b'{"code":7}'), (500, b""), (409, b'{"code":"a","more":1}')],
)
def test_a_refusal_that_is_none_of_ours_is_no_answer(status: int, body: bytes) -> None:
    assert isinstance(fault(status, body), PortalAnswerInvalid)


def test_a_redirect_is_not_followed() -> None:
    assert isinstance(fault(307, b"", Location="http://127.0.0.1:1/"), PortalAnswerInvalid)


def test_an_endless_answer_is_cut_off() -> None:
    assert isinstance(fault(200, b"x" * 70_000), PortalAnswerInvalid)


def test_no_proxy_is_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with answering(200, b"{}") as origin:
        assert posted(origin) == b"{}"


def test_connections_pair_and_close() -> None:
    portal = CounterpartPortal(make_card()[1], now=time.time())

    async def paired() -> str:
        connections = PortalConnections()
        try:
            return await connections.pair(portal.origin, PAIRING_CODE)
        finally:
            await connections.close()

    with portal.served():
        assert asyncio.run(paired()).count(".") == 2


def test_a_client_asked_for_by_two_at_once_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def slowly(origin: str) -> object:
        made.append(origin)
        time.sleep(0.05)
        return object()

    monkeypatch.setattr("kilitcoz_agent.portal.http.client_for", slowly)
    connections = PortalConnections()
    with ThreadPoolExecutor(4) as pool:
        clients = list(pool.map(connections._client, ["https://kilit.example"] * 4))
    assert made == ["https://kilit.example"]
    assert len(set(map(id, clients))) == 1


def test_a_certificate_nobody_vouches_for_is_as_good_as_no_portal() -> None:
    with answering(200, b"{}") as origin, pytest.raises(PortalUnreachable):
        posted(origin.replace("http:", "https:"))
