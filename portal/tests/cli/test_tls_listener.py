"""The listener of the signature's origin, with real handshakes: whoever comes gets a page."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from OpenSSL import SSL
from portal.tests import pki
from portal.tests.pki import DAY, NOW, Credential

from kilitcoz_portal.addresses import CLIENT_CERTIFICATES

TREE = Path(__file__).parents[3]
ROOT = pki.root()
MIDDLE = ROOT.authority("Ara Makam")


def fingerprints(*credentials: Credential) -> list[str]:
    """As the application tells them."""
    return [each.certificate.fingerprint(hashes.SHA256()).hex() for each in credentials]


@dataclass
class Listener:
    """Runs at `port`."""

    folder: Path
    port: int

    def told(self, *shown: Credential, header: str = "") -> Any:
        """What the application was handed by a browser that shows this certificate (with its chain)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        if shown:
            context.load_cert_chain(*shown[0].write(self.folder, "client", *shown[1:]))
        question = f"GET /x HTTP/1.1\r\nHost: imza.example\r\n{header}Connection: close\r\n\r\n"
        with self.connected() as plain, context.wrap_socket(plain) as tls:
            tls.sendall(question.encode())
            answer = b"".join(iter(lambda: tls.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 200"), answer
        return json.loads(answer.partition(b"\r\n\r\n")[2])

    def connected(self) -> socket.socket:
        """A connection before any handshake."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    """With a certificate of its own, asking for those of our authorities."""
    own = pki.root("imza.example").write(tmp_path, "own")
    known = tmp_path / "known.pem"
    known.write_bytes(ROOT.pem + MIDDLE.pem)
    command = [sys.executable, "-m", "portal.tests.cli.listener_process", *map(str, (*own, known))]
    settings = {**os.environ, "KILITCOZ_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(TREE)}
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, cwd=TREE) as process:
        try:
            assert process.stdout is not None
            yield Listener(tmp_path, int(process.stdout.readline()))
        finally:
            process.terminate()


def test_a_certificate_is_handed_on_with_its_chain(listener: Listener) -> None:
    ayse = MIDDLE.issue()
    told = listener.told(ayse, MIDDLE, ROOT)
    assert told == {"shown": fingerprints(ayse, MIDDLE, ROOT), "scheme": "https", "peer": "127.0.0.1"}


def test_whoever_comes_with_another_certificate_or_none_gets_a_page_too(listener: Listener) -> None:
    other_use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    weak = rsa.generate_private_key(65537, 1024)
    for shown in (
        pki.root("Kerem Kökü").issue(),
        pki.root(subject=pki.person(), extensions=pki.HOLDERS),
        ROOT.issue(ends=NOW - DAY),
        ROOT.issue(begins=NOW + 300 * DAY),
        ROOT.issue(more=((other_use, False),)),
        ROOT.issue(key=weak),
    ):
        assert listener.told(shown)["shown"] == fingerprints(shown)
    assert listener.told()["shown"] == []


def test_a_header_cannot_take_the_place_of_a_handshake(listener: Listener) -> None:
    assert listener.told(header=f"{CLIENT_CERTIFICATES}: x\r\n")["shown"] == []


def test_the_names_of_our_authorities_are_sent_so_that_browsers_offer_the_right_certificates(
    listener: Listener,
) -> None:
    with listener.connected() as plain:
        plain.setblocking(True)
        connection = SSL.Connection(SSL.Context(SSL.TLS_CLIENT_METHOD), plain)
        connection.set_connect_state()
        connection.do_handshake()
        names = {each.commonName for each in connection.get_client_ca_list()}
        connection.shutdown()
    assert names == {"Deneme Kökü", "Ara Makam"}


def test_tls_older_than_1_2_is_refused(listener: Listener) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with listener.connected() as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain)


def test_a_session_is_never_resumed_so_that_every_connection_proves_the_key_anew(listener: Listener) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(*MIDDLE.issue().write(listener.folder, "client"))
    with listener.connected() as plain, context.wrap_socket(plain) as first:
        first.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while first.recv(4096):
            pass
        session = first.session
    with listener.connected() as plain, context.wrap_socket(plain, session=session) as second:
        assert not second.session_reused


def test_who_speaks_plain_http_or_nothing_does_not_hold_the_others_up(listener: Listener) -> None:
    idle = [listener.connected() for _ in range(3)]
    with listener.connected() as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: imza.example\r\n\r\n")
        assert b"HTTP/1.1 200" not in plain.recv(4096)
    assert listener.told()["shown"] == []
    for each in idle:
        each.close()
