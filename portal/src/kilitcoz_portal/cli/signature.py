"""`kilitcoz serve-signature`: the origin that asks browsers for a certificate, where no proxy does."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
from django.core.wsgi import get_wsgi_application

from kilitcoz_portal.cli.tls_listener import authorities, make_server

log = structlog.get_logger("kilitcoz_portal.signature")


def serve_signature(
    certificate: Annotated[Path, typer.Option(help="The origin's own TLS certificate with its chain, PEM.")],
    key: Annotated[Path, typer.Option(help="Its private key, PEM, readable by nobody else.")],
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8443,
) -> None:
    """Serve KILITCOZ_SIGNATURE_ORIGIN over TLS until stopped: it asks for a client certificate, and has the
    pages of “E-imzalı Giriş” only.
    """
    known = authorities()
    server = make_server((host, port), get_wsgi_application(), certificate, key, known)
    server.prepare()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    log.info("listening", host=host, port=port, authorities=len(known))
    try:
        server.serve()
    except SystemExit:
        server.stop()
        raise
