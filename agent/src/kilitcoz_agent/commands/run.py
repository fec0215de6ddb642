"""`kilitcoz-agent run`: bind, announce, serve, withdraw."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from socket import socket

from kilitcoz_agent import __version__
from kilitcoz_agent.capability import CapabilityGate
from kilitcoz_agent.errors import PortTaken, ServiceAlreadyRunning
from kilitcoz_agent.journal import record, start_journal
from kilitcoz_agent.local_key import RunningService, announce, true_service, withdraw
from kilitcoz_agent.nonces import NonceStore
from kilitcoz_agent.portal.connections import PortalConnections
from kilitcoz_agent.readers.options import readers_from_options
from kilitcoz_agent.readers.port import Readers
from kilitcoz_agent.server import bind_loopback, server_for
from kilitcoz_agent.service import CardService
from kilitcoz_agent.settings import DEFAULT_PORT, AgentFiles
from kilitcoz_agent.texts import Language
from kilitcoz_agent.trust import TrustStore
from kilitcoz_agent.web.app import local_app


def run(files: AgentFiles, *, port: int | None, readers: Sequence[str], language: Language) -> None:
    """Serve until SIGINT or SIGTERM. The page's address is printed when it can be opened.

    `port` None means the usual one, or any free one when another program has it: the scheme and the typed
    code still lead here (A19). Raises PortTaken for a port that was asked for and is taken,
    ServiceAlreadyRunning, ValueError for unknown readers.
    """
    start_journal()
    files.make()
    running = true_service(files.service)
    if running is not None:
        raise ServiceAlreadyRunning(running.port)
    chosen = readers_from_options(readers)
    sockets = _sockets(port)
    local = announce(files.service, sockets[0].getsockname()[1])
    record("service-starting", address=f"http://127.0.0.1:{local.port}/", version=__version__)
    print(f"http://127.0.0.1:{local.port}/", flush=True)  # the sockets listen: whoever comes now is served
    try:
        asyncio.run(_serve(files, chosen, language, local, sockets))
    finally:
        withdraw(files.service)


async def _serve(
    files: AgentFiles, readers: Readers, language: Language, local: RunningService, sockets: list[socket]
) -> None:
    connections = PortalConnections()
    trust = TrustStore(files.trust)
    service = CardService(
        trust=trust,
        gate=CapabilityGate(trust, NonceStore(files.nonces)),
        readers=readers,
        connect=connections.link,
        pair=connections.pair,
        language=language,
    )
    await server_for(local_app(service, local), service.hold_nobody).serve(sockets=sockets)
    await connections.close()


def _sockets(port: int | None) -> list[socket]:
    if port is not None:
        return bind_loopback(port)
    try:
        return bind_loopback(DEFAULT_PORT)
    except PortTaken:
        record("port-taken", port=DEFAULT_PORT)
        return bind_loopback(0)
