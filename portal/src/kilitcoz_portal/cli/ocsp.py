"""`kilitcoz serve-ocsp`: OCSP straight from a socket, for a proxy to stand before."""

from __future__ import annotations

import signal
import socket
from typing import Annotated

import structlog
import typer

from kilitcoz_portal.publication.listener import Listener

BACKLOG = 1024
log = structlog.get_logger("kilitcoz_portal.ocsp")


def serve_ocsp(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; several processes may share it.")] = 8080,
) -> None:
    """Answer OCSP at /ocsp, and nothing else, until stopped: many times faster than `kilitcoz serve`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=True) as listening:
        listener = Listener(listening)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: listener.stop())
        log.info("listening", host=host, port=listening.getsockname()[1])
        listener.serve()
