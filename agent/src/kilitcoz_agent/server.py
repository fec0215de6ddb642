"""The sockets and the HTTP server: 127.0.0.1 and ::1, nothing else; no word about requests in any log."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from kilitcoz_agent.errors import PortTaken

BACKLOG = 64
CONCURRENT_CONNECTIONS = 64


def bind_loopback(port: int) -> list[socket.socket]:
    """Listening sockets on 127.0.0.1 and, where the machine has it, ::1, both at one port; 0 picks a free
    one.

    Raises PortTaken when another program has the port on either address: half a service would be a squatter's
    gap.
    """
    first = _bind(socket.AF_INET, "127.0.0.1", port)
    chosen = int(first.getsockname()[1])
    try:
        second = _bind(socket.AF_INET6, "::1", chosen)
    except PortTaken:
        first.close()
        raise
    except OSError:
        return [first]  # no IPv6 on this machine
    return [first, second]


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    # Named TCP: asyncio sets TCP_NODELAY on no other connection, and without it each answer is 40 ms late.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: SO_REUSEADDR there would let others in
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(BACKLOG)
    except OSError as fault:
        listener.close()
        if fault.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTaken from None
        raise
    return listener


class _Server(uvicorn.Server):
    """uvicorn's server, but a signal ends it quietly: what comes after serving is still done. `leaving` is
    called when no more connections are taken.
    """

    def __init__(self, config: uvicorn.Config, leaving: Callable[[], None]) -> None:
        super().__init__(config)
        self._leaving = leaving

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answers that are held back for news go out first; nobody waits for them."""
        self._leaving()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM end serving; a second one does not wait for answers still held back."""
        caught = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in caught}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def server_for(app: ASGIApp, leaving: Callable[[], None]) -> uvicorn.Server:
    """The HTTP server: `await server.serve(sockets=…)` serves until SIGINT, SIGTERM or `should_exit`, and
    calls `leaving` then.
    """
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=CONCURRENT_CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
    )
    return _Server(config, leaving)
