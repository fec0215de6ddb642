"""JSON over HTTPS to the portal: the system's trust store, no redirects, small answers, a bounded wait.

Proxies of the environment are used as an administrator set them, but never for this machine's own addresses:
a proxy for loopback would only be a surprise. The one rule: whatever goes wrong becomes PortalUnreachable
(may be sent again), PortalRefused (the portal's own code) or PortalAnswerInvalid, and none of them carries
what was sent.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import truststore

from kilitcoz_agent.errors import PortalAnswerInvalid, PortalRefused, PortalUnreachable
from kilitcoz_agent.origins import host_of, is_loopback
from kilitcoz_agent.portal.lean_httpx import httpx
from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.messages import MAX_MESSAGE, Refusal

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
TEMPORARY_STATUSES = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """A 2xx answer: its body, and the portal's clock as its Date header has it."""

    body: bytes
    date: str | None


def client_for(origin: str) -> httpx.AsyncClient:
    """A client for one portal. Close it."""
    return httpx.AsyncClient(
        base_url=origin,
        verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        trust_env=not is_loopback(host_of(origin)),
        follow_redirects=False,
        timeout=TIMEOUT,
        headers={"accept": "application/json"},
    )


async def post(client: httpx.AsyncClient, path: str, body: bytes, bearer: str | None = None) -> Answer:
    """POST a JSON body. Raises PortalUnreachable, PortalRefused, PortalAnswerInvalid."""
    headers = {"content-type": "application/json"}
    if bearer is not None:
        headers["authorization"] = f"Bearer {bearer}"
    return await _exchange(client, client.build_request("POST", path, content=body, headers=headers))


async def get(client: httpx.AsyncClient, path: str) -> Answer:
    """GET a document. Raises as `post`."""
    return await _exchange(client, client.build_request("GET", path))


async def _exchange(client: httpx.AsyncClient, request: httpx.Request) -> Answer:
    try:
        response = await client.send(request, stream=True)
        try:
            body = await _bounded(response)
        finally:
            await response.aclose()
    except httpx.HTTPError:
        raise PortalUnreachable from None
    if response.is_success:
        return Answer(body, response.headers.get("date"))
    if response.status_code in TEMPORARY_STATUSES:
        raise PortalUnreachable
    raise _refusal(body)


async def _bounded(response: httpx.Response) -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MAX_MESSAGE:
            raise PortalAnswerInvalid
    return body


def _refusal(body: bytes) -> PortalRefused | PortalAnswerInvalid:
    """`{"code", "operation_state"?}`; anything else is no answer of the agent API."""
    try:
        refusal = Refusal.from_json(body)
    except MessageMalformed:
        return PortalAnswerInvalid()
    return PortalRefused(refusal.code, refusal.operation_state)
