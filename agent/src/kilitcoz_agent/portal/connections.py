"""HTTPS connections to portals, one client for each origin, made at its first use: starting up needs none of
this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kilitcoz_agent.portal.link import Post

if TYPE_CHECKING:
    import httpx


class PortalConnections:
    """Clients by origin."""

    def __init__(self) -> None:
        self._clients: dict[str, httpx.AsyncClient] = {}

    def post_to(self, origin: str) -> Post:
        """The function that posts to this origin."""

        async def post(path: str, body: bytes, bearer: str | None) -> bytes:
            from kilitcoz_agent.portal import (
                http,
            )  # late: httpx is the largest import, and an idle service needs none

            client = self._clients.get(origin)
            if client is None:
                client = self._clients[origin] = http.client_for(origin)
            return (await http.post(client, path, body, bearer)).body

        return post

    async def close(self) -> None:
        """Close them all."""
        while self._clients:
            await self._clients.popitem()[1].aclose()
