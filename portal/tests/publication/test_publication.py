"""What a stranger fetches: by OpenSSL's own client over HTTP, and by bare requests."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPResponse, load_der_ocsp_response
from django.test import Client
from django.utils import timezone
from portal.tests.publication.authority import CA, issued, request_for
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.ca.models import Authority, Status
from kilitcoz_portal.ca.port import CertificateStatus


def test_openssl_asks_and_is_told_of_every_change(
    founded: Authority, live_server: LiveServer, tmp_path: Path
) -> None:
    certificate = issued()
    files = {
        "root": x509.load_der_x509_certificate(bytes(founded.root)),
        "issuer": x509.load_der_x509_certificate(bytes(founded.certificate)),
        "leaf": certificate,
    }
    for name, each in files.items():
        (tmp_path / name).write_bytes(each.public_bytes(Encoding.PEM))
    url = f"{live_server.url}/ocsp"
    assert "leaf: good" in asked(tmp_path, url)
    for status, word in (
        (Status.ON_HOLD, "revoked"),
        (Status.GOOD, "good"),
        (Status.REVOKED, "revoked"),
    ):
        moment = timezone.now()
        CA.set_status([f"{certificate.serial_number:x}"], CertificateStatus(status, moment), moment)
        for more in ((), ("-no_nonce",)):
            said = asked(tmp_path, url, *more)
            assert f"leaf: {word}" in said
            assert "Response verify OK" in said


def test_openssl_verifies_the_path_with_what_is_published(
    founded: Authority, client: Client, tmp_path: Path
) -> None:
    lists = [x509.load_der_x509_crl(client.get(f"/pki/{name}.crl").content) for name in ("kok", "nes")]
    chain = [
        x509.load_der_x509_certificate(client.get(f"/pki/{name}.cer").content) for name in ("kok", "nes")
    ]
    pem = {
        "trusted": [chain[0]],
        "between": [chain[1], *lists],
        "leaf": [issued()],
    }
    for name, parts in pem.items():
        (tmp_path / name).write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in parts))
    ended = subprocess.run(
        [
            *("openssl", "verify", "-x509_strict", "-crl_check_all", "-CAfile", str(tmp_path / "trusted")),
            *("-CRLfile", str(tmp_path / "between"), "-untrusted", str(tmp_path / "between")),
            str(tmp_path / "leaf"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.endswith("leaf: OK\n"), ended.stderr


def test_get_and_post_say_the_same_and_caches_may_keep_it_for_seconds(
    founded: Authority, client: Client
) -> None:
    raw = request_for(founded, issued())
    posted = client.post("/ocsp", raw, content_type="application/ocsp-request")
    fetched = client.get("/ocsp/" + quote(base64.b64encode(raw).decode(), safe=""))
    assert posted.content == fetched.content
    assert fetched["Content-Type"] == "application/ocsp-response"
    assert fetched["Cache-Control"] == "public, max-age=10, must-revalidate"
    assert "Set-Cookie" not in fetched


def test_an_answer_with_a_nonce_is_kept_nowhere(founded: Authority, client: Client) -> None:
    raw = request_for(founded, issued(), nonce=bytes(range(16)))
    answered = client.post("/ocsp", raw, content_type="application/ocsp-request")
    assert answered["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"", "application/ocsp-request"), (bytes(9000), "application/ocsp-request"), (b"x", "text/plain")],
)
def test_what_is_no_request_is_malformed(founded: Authority, client: Client, body: bytes, kind: str) -> None:
    assert answer_of(client.post("/ocsp", body, content_type=kind).content).response_status.name == (
        "MALFORMED_REQUEST"
    )


@pytest.mark.parametrize("encoded", ["%21%21", "AAAA", "MAA"])
def test_what_is_no_request_in_the_address_is_malformed(
    founded: Authority, client: Client, encoded: str
) -> None:
    assert answer_of(client.get(f"/ocsp/{encoded}").content).response_status.name == "MALFORMED_REQUEST"


@pytest.mark.parametrize("path", ["/pki/baska.cer", "/pki/baska.crl"])
def test_what_is_not_there_is_not_found(founded: Authority, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/pki/kok.cer", "/pki/kok.crl", "/pki/nes.crl"])
def test_before_the_ceremony_nothing_is_published(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def answer_of(raw: bytes) -> OCSPResponse:
    return load_der_ocsp_response(raw)


def asked(folder: Path, url: str, *more: str) -> str:
    command = ["openssl", "ocsp", "-url", url, "-issuer", "issuer", "-cert", "leaf", "-CAfile", "root", *more]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=30)
    return ended.stdout + ended.stderr
