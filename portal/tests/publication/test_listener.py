"""OCSP straight from a socket: the pages' answers, for many at once, whoever else is connected."""

from __future__ import annotations

import base64
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponse, load_der_ocsp_response
from demo.nginx import nginx
from demo.ports import answers as answers_at
from demo.ports import free_port
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone
from portal.tests.marks import ON_BOTH
from portal.tests.publication.authority import CA, issued, request_for
from portal.tests.served import kilitcoz

from kilitcoz_portal.ca import answers
from kilitcoz_portal.ca.models import Authority, Issued, Status
from kilitcoz_portal.ca.port import CertificateStatus
from kilitcoz_portal.publication import http1, listener
from kilitcoz_portal.publication.listener import Listener

pytestmark = ON_BOTH
NONCE = bytes(range(16))


@dataclass
class Visitor:
    """A connection that is kept."""

    socket: socket.socket
    received: bytearray = field(default_factory=bytearray)

    def asks(self, raw: bytes, *fields: str) -> OCSPResponse:
        """By POST."""
        self.sends(post(raw, *fields))
        return load_der_ocsp_response(self.hears()[1])

    def sends(self, said: bytes) -> None:
        self.socket.sendall(said)

    def hears(self) -> tuple[str, bytes]:
        """Head and body of one answer."""
        while b"\r\n\r\n" not in self.received:
            self._more()
        head, _, rest = bytes(self.received).partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        while len(rest) < length:
            rest += self._more()
        self.received = bytearray(rest[length:])
        return head.decode(), rest[:length]

    def _more(self) -> bytes:
        chunk = self.socket.recv(65536)
        assert chunk, "the listener hung up"
        self.received += chunk
        return chunk

    @property
    def is_cut_off(self) -> bool:
        """Waits until the listener closes; what it says before is thrown away."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionResetError:
            return True
        return True


@dataclass
class Listening:
    """A listener in a thread of its own."""

    port: int
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self) -> Visitor:
        self.visitors.append(Visitor(socket.create_connection(("127.0.0.1", self.port), timeout=20)))
        return self.visitors[-1]


@pytest.fixture
def listening(founded: Authority) -> Iterator[Listening]:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        serving = Listener(bound)
        thread = threading.Thread(target=_serve, args=[serving])
        thread.start()
        there = Listening(bound.getsockname()[1])
        yield there
        for each in there.visitors:
            each.socket.close()
        serving.stop()
        thread.join(20)
        assert not thread.is_alive()


def _serve(serving: Listener) -> None:
    try:
        serving.serve()
    finally:
        connections.close_all()


def test_the_listener_says_what_the_pages_say(
    founded: Authority, listening: Listening, client: Client
) -> None:
    raw = request_for(founded, issued())
    paged = client.post("/ocsp", raw, content_type="application/ocsp-request")
    visitor = listening.visitor()
    for request in (post(raw), get(raw)):
        visitor.sends(request)
        head, body = visitor.hears()
        assert body == paged.content
        for name in ("Cache-Control", "Last-Modified", "Expires", "ETag", "Content-Type"):
            assert f"{name}: {paged[name]}" in head


def test_every_change_is_in_the_next_answer_of_a_kept_connection(
    founded: Authority, listening: Listening
) -> None:
    certificate, visitor = issued(), listening.visitor()
    raw = request_for(founded, certificate)
    for status, said in (
        (None, OCSPCertStatus.GOOD),
        (Status.ON_HOLD, OCSPCertStatus.REVOKED),
        (Status.GOOD, OCSPCertStatus.GOOD),
        (Status.REVOKED, OCSPCertStatus.REVOKED),
    ):
        if status is not None:
            moment = timezone.now()
            CA.set_status([f"{certificate.serial_number:x}"], CertificateStatus(status, moment), moment)
        assert [visitor.asks(raw).certificate_status for _ in range(2)] == [said, said]


def test_a_nonce_comes_back_and_a_foreign_serial_is_unknown(founded: Authority, listening: Listening) -> None:
    certificate, visitor = issued(), listening.visitor()
    answered = visitor.asks(request_for(founded, certificate, NONCE))
    assert answered.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == NONCE
    Issued.objects.all().delete()
    assert visitor.asks(request_for(founded, certificate)).certificate_status is OCSPCertStatus.UNKNOWN


def test_what_is_no_request_is_malformed_and_the_connection_goes_on(
    founded: Authority, listening: Listening
) -> None:
    visitor = listening.visitor()
    for raw in (b"x", b"\x30\x80\x00\x00", bytes(8000)):
        assert visitor.asks(raw).response_status.name == "MALFORMED_REQUEST"
    assert visitor.asks(request_for(founded, issued())).certificate_status is OCSPCertStatus.GOOD


def test_requests_sent_in_one_go_are_answered_in_their_order(
    founded: Authority, listening: Listening
) -> None:
    raws = [request_for(founded, each, nonce) for each in (issued(), issued()) for nonce in (None, NONCE)]
    visitor = listening.visitor()
    visitor.sends(b"".join(post(raw) for raw in raws))
    for raw in raws:
        answered = load_der_ocsp_response(visitor.hears()[1])
        assert answered.serial_number == answers.read(raw).serial_number
        assert bool(len(answered.extensions)) == (answers.read(raw).nonce is not None)


def test_many_ask_at_once(founded: Authority, listening: Listening) -> None:
    raws = [request_for(founded, issued()) for _ in range(3)]
    visitors = [listening.visitor() for _ in range(24)]
    for index, visitor in enumerate(visitors):
        visitor.sends(post(raws[index % 3]))
    for index, visitor in enumerate(visitors):
        answered = load_der_ocsp_response(visitor.hears()[1])
        assert answered.serial_number == answers.read(raws[index % 3]).serial_number


def test_whoever_asks_for_something_else_is_told_so_and_cut_off(listening: Listening) -> None:
    for said, status in (
        (b"GET /pki/nes.crl HTTP/1.1\r\nHost: x\r\n\r\n", "404"),
        (b"\x16\x03\x01\x00\xa5\r\n\r\n", "400"),
    ):
        visitor = listening.visitor()
        visitor.sends(said)
        assert visitor.hears()[0].split()[1] == status
        assert visitor.is_cut_off


def test_an_endless_head_is_cut_off(listening: Listening) -> None:
    visitor = listening.visitor()
    visitor.sends(b"GET /ocsp/" + b"A" * http1.MOST_HEAD_BYTES)
    assert visitor.is_cut_off


def test_the_silent_are_cut_off(listening: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = listening.visitor()
    visitor.sends(b"POST /oc")
    monkeypatch.setattr(listener, "SECONDS_OF_SILENCE", 0)
    assert visitor.is_cut_off


def test_where_too_many_come_the_most_silent_goes(
    founded: Authority, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 2)
    raw = request_for(founded, issued())
    first, second = listening.visitor(), listening.visitor()
    second.asks(raw)
    first.asks(raw)
    assert listening.visitor().asks(raw).certificate_status is OCSPCertStatus.GOOD
    assert second.is_cut_off
    assert first.asks(raw).certificate_status is OCSPCertStatus.GOOD


def test_whoever_goes_before_the_answer_is_signed_disturbs_nobody(
    founded: Authority, listening: Listening
) -> None:
    raw = request_for(founded, issued(), NONCE)
    for _ in range(5):
        leaving = listening.visitor()
        leaving.sends(post(raw))
        leaving.socket.close()
    assert listening.visitor().asks(raw).certificate_status is OCSPCertStatus.GOOD


def test_while_the_database_is_away_everybody_is_told_to_try_later(
    founded: Authority, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, visitor = request_for(founded, issued()), listening.visitor()
    with monkeypatch.context() as away:
        away.setattr(answers, "ready", _raise)
        assert visitor.asks(raw).response_status.name == "TRY_LATER"
    assert visitor.asks(raw).certificate_status is OCSPCertStatus.GOOD


def test_openssl_asks_the_listener(founded: Authority, listening: Listening, tmp_path: Path) -> None:
    files = {
        "root": x509.load_der_x509_certificate(bytes(founded.root)),
        "issuer": x509.load_der_x509_certificate(bytes(founded.certificate)),
        "leaf": issued(),
    }
    for name, each in files.items():
        (tmp_path / name).write_bytes(each.public_bytes(Encoding.PEM))
    command = ["openssl", "ocsp", "-url", f"http://127.0.0.1:{listening.port}/ocsp", "-issuer", "issuer"]
    for more in ((), ("-no_nonce",), ("-sha256",)):
        ended = subprocess.run(
            [*command, *(word for word in more if word == "-sha256"), "-cert", "leaf", "-CAfile", "root"]
            + [word for word in more if word != "-sha256"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            timeout=30,
        )
        said = ended.stdout + ended.stderr
        assert "leaf: good" in said
        assert "Response verify OK" in said


def test_nginx_as_documented_keeps_answers_and_tells_questions_apart(
    founded: Authority, listening: Listening, tmp_path: Path
) -> None:
    first, second = (request_for(founded, issued()) for _ in range(2))
    with ExitStack() as held:
        port = free_port(held)
        held.enter_context(nginx(tmp_path / "nginx", port, f"127.0.0.1:{listening.port}"))
        visitor = Listening(port).visitor()
        held.callback(visitor.socket.close)
        for request, kept in ((post, "HIT"), (get, "HIT")):
            for raw in (first, second):
                for cache in ("MISS", kept):
                    visitor.sends(request(raw))
                    head, body = visitor.hears()
                    assert f"X-Cache: {cache}" in head
                    assert load_der_ocsp_response(body).serial_number == answers.read(raw).serial_number
        for _ in range(2):
            visitor.sends(post(request_for(founded, issued(), NONCE)))
            assert "X-Cache: MISS" in visitor.hears()[0]


def test_the_command_serves_until_it_is_told_to_end(founded: Authority, tmp_path: Path) -> None:
    raw = request_for(founded, issued())
    with ExitStack() as held:
        port = free_port(held)
        log = held.enter_context((tmp_path / "log").open("w"))
        process = held.enter_context(kilitcoz("serve-ocsp", port, log))
        held.callback(process.terminate)
        while not answers_at(port):
            assert process.poll() is None, (tmp_path / "log").read_text()
        visitor = Listening(port).visitor()
        held.callback(visitor.socket.close)
        assert visitor.asks(raw).certificate_status is OCSPCertStatus.GOOD
        process.terminate()
        assert process.wait(20) == 0


def post(raw: bytes, *fields: str) -> bytes:
    lines = ["POST /ocsp HTTP/1.1", "Host: ocsp.ornek.example", "Content-Type: application/ocsp-request"]
    return "\r\n".join([*lines, f"Content-Length: {len(raw)}", *fields, "", ""]).encode() + raw


def get(raw: bytes) -> bytes:
    encoded = quote(base64.b64encode(raw).decode(), safe="")
    return f"GET /ocsp/{encoded} HTTP/1.1\r\nHost: ocsp.ornek.example\r\n\r\n".encode()


def _raise(*_: object) -> None:
    raise OperationalError
