"""Who may speak to the local page: checks made on every request before anything else reads it (A14, A15, A16,
A20).

In order: the peer is this user's process; Host is exactly ours (no name that DNS could turn on us); the fetch
metadata of a browser are those of our own page or of a plain navigation to it; a POST is JSON, from our own
origin, bounded. A refusal is an empty-handed 4xx with a code; nothing of the request is echoed.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kilitcoz_agent.journal import record
from kilitcoz_agent.web.peer import Address, peer_is_ours

MAXIMUM_BODY = 64 * 1024

#: Sent with every answer, also with refusals.
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
}

PeerCheck = Callable[[Address | None, Address | None], bool]


class Guard:
    """ASGI middleware that lets through what the rules of this module allow."""

    def __init__(self, app: ASGIApp, *, port: int, peer_check: PeerCheck = peer_is_ours) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"[::1]:{port}"}
        self._peer_check = peer_check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check an HTTP request; anything else but the server's own lifespan is not answered."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = self._refusal(scope)
            app = self._app if refusal is None else _refuse(*refusal)
            await app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and code for a request that must not go on, or None."""
        headers = Headers(scope=scope)
        if not self._peer_check(scope.get("client"), scope.get("server")):
            return 403, "peer-refused"
        if len(headers.getlist("host")) != 1 or headers["host"] not in self._hosts:
            return 421, "host-refused"
        method = scope["method"]
        if method in ("GET", "HEAD"):
            return None if _may_read(headers) else (403, "site-refused")
        if method != "POST":
            return 405, "method-refused"
        return _refusal_of_post(headers)


def _may_read(headers: Headers) -> bool:
    """Our own page's requests, and a navigation of a whole tab to us; no frame, no fetch from elsewhere."""
    site = headers.get("sec-fetch-site")
    if site in (None, "same-origin"):
        return "origin" not in headers or headers["origin"] == f"http://{headers['host']}"
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def _refusal_of_post(headers: Headers) -> tuple[int, str] | None:
    if headers.getlist("origin") != [f"http://{headers['host']}"]:
        return 403, "origin-refused"
    if headers.get("sec-fetch-site") not in (None, "same-origin"):
        return 403, "site-refused"
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return 415, "content-type-refused"
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return 411, "length-refused"
    return (413, "length-refused") if int(length) > MAXIMUM_BODY else None


def _refuse(status: int, code: str) -> ASGIApp:
    record("request-refused", code=code, status=status)
    return JSONResponse({"code": code}, status_code=status)


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            pairs = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
            kept = [pair for pair in message.get("headers", []) if pair[0].decode() not in SECURITY_HEADERS]
            message = {**message, "headers": kept + pairs}
        await send(message)

    return with_headers
