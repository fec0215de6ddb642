"""One question to the provider over HTTP: JSON back within eight seconds and 64 KiB, or none at all.

The seconds are for the whole exchange, not for each read, so that a provider which drips bytes holds no
thread; no more than four threads of a process wait for it at once. No redirect is followed: the addresses
come from the pinned issuer's own metadata.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore
from typing import Any

import httpx

from kilitcoz_portal.signin.oidc.errors import OidcUnavailable
from kilitcoz_portal.signin.oidc.provider import is_loopback

SECONDS = 8.0
MOST_BYTES = 64 * 1024
_AT_ONCE = BoundedSemaphore(4)
_WAIT_FOR_TURN = 2.0


@dataclass(frozen=True)
class Answer:
    """The status, and the members of the JSON object in the body."""

    status: int
    members: dict[str, Any]


def ask(request: httpx.Request) -> Answer:
    """The provider's answer of any status below 500. Raises OidcUnavailable for everything else."""
    if not _AT_ONCE.acquire(timeout=_WAIT_FOR_TURN):
        raise OidcUnavailable(why="busy")
    try:
        status, body = asyncio.run(_exchange(request))
    except TimeoutError:
        raise OidcUnavailable(why="slow") from None
    except httpx.HTTPError:
        raise OidcUnavailable(why="unreachable") from None
    finally:
        _AT_ONCE.release()
    return Answer(status, _object(body))


async def _exchange(request: httpx.Request) -> tuple[int, bytes]:
    request.headers["Accept"] = "application/json"
    request.headers["Accept-Encoding"] = "identity"  # the limit counts what is read
    async with asyncio.timeout(SECONDS):
        to_here = is_loopback(request.url.host)
        async with httpx.AsyncClient(verify=_trust(), trust_env=not to_here, timeout=SECONDS) as client:
            response = await client.send(request, stream=True)
            if response.is_redirect:
                raise OidcUnavailable(why="redirect")
            if response.status_code >= 500 or response.status_code == 429:
                raise OidcUnavailable(why="failing")
            body = bytearray()
            async for part in response.aiter_raw():
                body += part
                if len(body) > MOST_BYTES:
                    raise OidcUnavailable(why="too-much")
            return response.status_code, bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        raise OidcUnavailable(why="not-json") from None
    if not isinstance(members, dict):
        raise OidcUnavailable(why="not-json")
    return members


@cache
def _trust() -> ssl.SSLContext:
    """The machine's certificate authorities: an installation's own is added there."""
    return ssl.create_default_context()
