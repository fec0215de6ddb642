"""The stand-in on a loopback port, and a portal that is configured to use it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from portal.tests.ca.authority import NOW
from portal.tests.ca.cmp.bodies import pki_issuer
from portal.tests.ca.cmp.stand_in import Asked, StandIn

RECIPIENT = "CN=Örnek NES 2026,O=Örnek Sertifika Hizmetleri,C=TR"


@dataclass(frozen=True)
class RegistrationAuthority:
    """Our own key and certificate, as files."""

    key_file: Path
    cert_file: Path
    certificate: x509.Certificate


@cache
def _own() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string("CN=Kilitçöz RA,O=Örnek Sertifika Hizmetleri,C=TR")
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), 0x4A)
        .not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(NOW + timedelta(days=400))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return key, builder.sign(key, hashes.SHA256())


def registration_authority(folder: Path) -> RegistrationAuthority:
    """Its files, in this folder."""
    key, certificate = _own()
    key_file, cert_file = folder / "ra.key", folder / "ra.pem"
    key_file.touch(0o600)
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    cert_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    return RegistrationAuthority(key_file, cert_file, certificate)


def configure(settings: Any, folder: Path, url: str, ours: RegistrationAuthority) -> None:
    """The portal, to use the authority at `url`."""
    trust = folder / "trust.pem"
    trust.write_bytes(pki_issuer().public_bytes(Encoding.PEM))
    settings.KILITCOZ_CA = "cmp"
    settings.KILITCOZ_CMP_URL = url
    settings.KILITCOZ_CMP_RECIPIENT = RECIPIENT
    settings.KILITCOZ_CMP_TRUST_FILE = str(trust)
    settings.KILITCOZ_CMP_KEY_FILE = str(ours.key_file)
    settings.KILITCOZ_CMP_CERT_FILE = str(ours.cert_file)
    settings.KILITCOZ_CMP_PROFILES = {"signature": "nes-imza"}
    settings.KILITCOZ_CMP_SECONDS = 5
    settings.KILITCOZ_CMP_PATIENCE = 3


@contextmanager
def served(certificate: x509.Certificate, clock: Callable[[], datetime] | None = None) -> Iterator[StandIn]:
    """A stand-in that listens, for a registration authority with this certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    stand_in = StandIn(f"http://127.0.0.1:{server.server_address[1]}", certificate)
    if clock is not None:
        stand_in.clock = clock
    server.RequestHandlerClass = _handler(stand_in)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/ocsp":
                self._say(200, "application/ocsp-response", stand_in.ocsp(body))
            elif stand_in.weather[:1] == [Asked.BUSY]:
                stand_in.weather.pop(0)
                self._say(503, "text/plain", b"busy")
            else:
                answer = stand_in.answer(body)
                if answer is None:
                    self.close_connection = True
                else:
                    self._say(200, "application/pkixcmp", answer)

        def _say(self, status: int, media_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler
