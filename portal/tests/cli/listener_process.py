"""The listener as a process of its own, with an application that tells what it was handed:

    python -m portal.tests.cli.listener_process CERTIFICATE KEY AUTHORITIES

Prints its port.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography import x509

from kilitcoz_portal.addresses import CLIENT_CERTIFICATES
from kilitcoz_portal.cli.tls_listener import make_server


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Fingerprints of what was shown, and what else an application goes by."""
    shown = [hashlib.sha256(der).hexdigest() for der in environ[CLIENT_CERTIFICATES]]
    told = {"shown": shown, "scheme": environ["wsgi.url_scheme"], "peer": environ["REMOTE_ADDR"]}
    body = json.dumps(told).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def main() -> None:
    """Until the parent ends it."""
    certificate, key, authorities = map(Path, sys.argv[1:])
    known = x509.load_pem_x509_certificates(authorities.read_bytes())
    server = make_server(("127.0.0.1", 0), application, certificate, key, known)
    server.prepare()
    print(server.bind_addr[1], flush=True)
    server.serve()


if __name__ == "__main__":
    main()
