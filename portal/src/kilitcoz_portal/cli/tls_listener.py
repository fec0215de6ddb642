"""A small HTTPS server (cheroot, OpenSSL) that asks for a client certificate and hands it to the application.

TLS proves that the client holds the certificate's key, and no more: whether the certificate is worth
anything is decided by the trust room, so that a browser with a wrong one, or none, gets a page that says so
instead of a broken connection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cheroot import wsgi
from cheroot.ssl.pyopenssl import pyOpenSSLAdapter
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL

from kilitcoz_portal.addresses import CLIENT_CERTIFICATES
from kilitcoz_portal.trust import anchors
from kilitcoz_portal.trust.policy import TrustPolicy

THREADS = 4
SECONDS = 10  # for a handshake, and for a client that has stopped talking
MOST_HEADER_BYTES = 16 * 1024

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Any]


def authorities() -> list[x509.Certificate]:
    """Whose certificates browsers are asked for: the names sent in the handshake (RFC 8446, 4.2.4). Read
    once: a later change of the trust folder needs a new start.
    """
    found = anchors.of_folder(TrustPolicy.of_settings().folder)
    return [each.pyca for each in (*found.roots, *found.intermediates)]


def make_server(
    address: tuple[str, int],
    application: WsgiApplication,
    certificate: Path,
    key: Path,
    known: Sequence[x509.Certificate],
) -> wsgi.Server:
    """The server, not yet listening. Raises OpenSSL.SSL.Error where certificate and key do not belong
    together.
    """
    server = wsgi.Server(address, application, numthreads=THREADS, max=THREADS, timeout=SECONDS)
    server.gateway = _Gateway
    server.max_request_header_size = MOST_HEADER_BYTES
    server.max_request_body_size = 1  # there is nothing to post here; 0 would mean no bound
    server.ssl_adapter = _Adapter(context(certificate, key, known))
    return server


def context(certificate: Path, key: Path, known: Sequence[x509.Certificate]) -> SSL.Context:
    """TLS 1.2 and 1.3; a certificate is asked for in each handshake, and none is resumed."""
    made = SSL.Context(SSL.TLS_SERVER_METHOD)
    made.set_min_proto_version(SSL.TLS1_2_VERSION)
    made.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_COMPRESSION)
    made.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    made.use_certificate_chain_file(str(certificate))
    made.use_privatekey_file(str(key))
    made.check_privatekey()
    made.set_verify(SSL.VERIFY_PEER, _accept_for_now)
    for authority in known:
        made.add_client_ca(authority)
    return made


def _accept_for_now(*_: object) -> bool:
    """OpenSSL asks about each certificate of the chain; the trust room will say."""
    return True


class _Adapter(pyOpenSSLAdapter):
    """cheroot's adapter, with a context that is ready."""

    def __init__(self, ready: SSL.Context) -> None:
        super().__init__("", "")
        self.context = ready

    def get_environ(self) -> dict[str, str]:
        """For every request alike; the certificate is added by the gateway, after the handshake."""
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}


class _Gateway(wsgi.Gateway_10):
    """cheroot's gateway; the request's environ has the client's certificates (DER), its own first."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]  # the library's stub says None
        """Called when the head of a request was read, so that the handshake is over."""
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]  # nor has it types
        environ[CLIENT_CERTIFICATES] = _shown(self.req.conn.socket)
        return environ


def _shown(connection: SSL.Connection) -> list[bytes]:
    own = connection.get_peer_certificate(as_cryptography=True)
    if own is None:
        return []
    chain = connection.get_peer_cert_chain(as_cryptography=True) or []
    return [each.public_bytes(Encoding.DER) for each in (own, *(other for other in chain if other != own))]
