"""`kilitcoz-agent run`: bind, announce, serve, withdraw."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from socket import socket

from kilitcoz_agent import __version__
from kilitcoz_agent.capability import CapabilityGate
from kilitcoz_agent.commands.open import find_service
from kilitcoz_agent.errors import PortTaken, ServiceAlreadyRunning
from kilitcoz_agent.journal import record, start_journal
from kilitcoz_agent.local_key import announce, withdraw
from kilitcoz_agent.nonces import NonceStore
from kilitcoz_agent.portal.connections import PortalConnections
from kilitcoz_agent.portal.link import AgentApi, PortalLink, pair
from kilitcoz_agent.readers.options import readers_from_options
from kilitcoz_agent.server import bind_loopback, serve
from kilitcoz_agent.service import CardService
from kilitcoz_agent.settings import DEFAULT_PORT, AgentFiles
from kilitcoz_agent.texts import Language
from kilitcoz_agent.trust import TrustStore
from kilitcoz_agent.web.app import local_app
from kilitcoz_cards.messages import Capability


def run(files: AgentFiles, *, port: int | None, readers: Sequence[str], language: Language) -> None:
    """Serve until SIGINT or SIGTERM.

    `port` None means the usual one, or any free one when another program has it: the scheme and the typed
    code still lead here (A19). Raises PortTaken for a port that was asked for and is taken,
    ServiceAlreadyRunning, ValueError for unknown readers.
    """
    start_journal()
    files.make()
    running = find_service(files)
    if running is not None:
        raise ServiceAlreadyRunning(running.port)
    chosen_readers = readers_from_options(readers)
    sockets = _sockets(port)
    local = announce(files.service, sockets[0].getsockname()[1])
    connections = PortalConnections()
    trust = TrustStore(files.trust)

    def connect(token: str, capability: Capability) -> PortalLink:
        return AgentApi(connections.post_to(capability.iss), token, capability)

    async def pair_at(origin: str, code: str) -> str:
        return await pair(connections.post_to(origin), code)

    service = CardService(
        trust=trust,
        gate=CapabilityGate(trust, NonceStore(files.nonces)),
        readers=chosen_readers,
        connect=connect,
        pair=pair_at,
        language=language,
    )
    record("service-ready", address=f"http://127.0.0.1:{local.port}/", version=__version__)
    print(f"http://127.0.0.1:{local.port}/", flush=True)
    try:
        asyncio.run(serve(local_app(service, local), sockets))
    finally:
        withdraw(files.service)


def _sockets(port: int | None) -> list[socket]:
    if port is not None:
        return bind_loopback(port)
    try:
        return bind_loopback(DEFAULT_PORT)
    except PortTaken:
        record("port-taken", port=DEFAULT_PORT)
        return bind_loopback(0)
