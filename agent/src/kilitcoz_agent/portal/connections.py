"""Connections to portals, one HTTP client for each origin, made at its first use.

An idle service speaks to nobody: HTTP, TLS and HPKE are imported when the first operation needs them. The
longest part of it is done in a thread while the card is being asked who it is, so that nobody waits for it.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from kilitcoz_agent.portal.port import Link, Post
from kilitcoz_cards.messages import Capability

if TYPE_CHECKING:
    import httpx


class PortalConnections:
    """Clients by origin."""

    def __init__(self) -> None:
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._making = threading.Lock()

    def link(self, token: str, capability: Capability) -> Link:
        """The calls of one operation, by its kind; `token` is the capability as it came."""
        from kilitcoz_agent.portal.agent_api import api_for

        threading.Thread(target=self._client, args=(capability.iss,), daemon=True).start()
        return api_for(self._post_to(capability.iss), token, capability)

    async def pair(self, origin: str, pairing_code: str) -> str:
        """The capability behind a typed code. Raises as agent_api.pair."""
        from kilitcoz_agent.portal.agent_api import pair

        return await pair(self._post_to(origin), pairing_code)

    async def close(self) -> None:
        """Close them all."""
        while self._clients:
            await self._clients.popitem()[1].aclose()

    def _post_to(self, origin: str) -> Post:
        async def post(path: str, body: bytes, bearer: str | None) -> bytes:
            client = await asyncio.to_thread(self._client, origin)
            from kilitcoz_agent.portal import http

            return (await http.post(client, path, body, bearer)).body

        return post

    def _client(self, origin: str) -> httpx.AsyncClient:
        """The origin's client, made if it is not there yet; who comes meanwhile waits for the same one."""
        with self._making:
            if origin not in self._clients:
                from kilitcoz_agent.portal import http

                self._clients[origin] = http.client_for(origin)
            return self._clients[origin]
