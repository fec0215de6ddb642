"""OpenSSL agrees: its mock server takes what the portal says, and its client takes what the stand-in says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)
from portal.tests.ca import authority as pki
from portal.tests.ca.cmp.bodies import pki_issuer
from portal.tests.ca.cmp.openssl import client, mock_server
from portal.tests.ca.cmp.served import RegistrationAuthority, configure, served
from portal.tests.ca.cmp.wishes import wish
from pytest_django import Settings

from kilitcoz_portal.ca.certificates import Order, make
from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp import checking
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.errors import CaAnswerUntrusted, CaRefused
from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.port import CertificateRequest, CertificateStatus
from kilitcoz_portal.ca.profiles import ProfileName

pytestmark = pytest.mark.django_db


def moment() -> datetime:
    """OpenSSL reads the real clock."""
    return datetime.now(UTC)


def made_for(asked: CertificateRequest) -> x509.Certificate:
    """What the mock server is to answer with."""
    key = load_der_public_key(asked.public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    order = Order(ProfileName.SIGNATURE, pki.AYSE.subject(), key, 0x6B0001, pki.NOW, pki.STATEMENTS)
    return make(order, pki.authority().issuing, pki.ISSUERS)


@pytest.mark.parametrize("options", [(), ("-poll_count", "2", "-check_after", "1")], ids=["at-once", "later"])
def test_the_mock_server_issues_and_takes_the_confirmation(
    tmp_path: Path, ours: RegistrationAuthority, settings: Settings, options: tuple[str, ...]
) -> None:
    asked = wish()
    made = made_for(asked)
    with mock_server(tmp_path, ours, made, *options) as server:
        configure(settings, tmp_path, server.url, ours)
        assert x509.load_der_x509_certificate(authority().issue(asked, moment())) == made
        heard = server.heard()
    assert heard == ["IR", *(["POLLREQ"] * 2 if options else []), "CERTCONF"]


def test_the_mock_server_revokes_suspends_and_opens_again(
    tmp_path: Path, ours: RegistrationAuthority, settings: Settings
) -> None:
    asked = wish(on_hold=True)
    made = made_for(asked)
    with mock_server(tmp_path, ours, made) as server:
        configure(settings, tmp_path, server.url, ours)
        ca = authority()
        ca.issue(asked, moment())
        serial = f"{made.serial_number:x}"
        for wanted in (Status.GOOD, Status.ON_HOLD, Status.REVOKED):
            reason = x509.ReasonFlags.key_compromise
            ca.set_status([serial], CertificateStatus(wanted, moment(), reason, moment()), moment())
        heard = server.heard()
    assert heard == ["IR", "CERTCONF", "RR", "RR", "RR", "RR"]


def test_the_mock_server_is_greeted(tmp_path: Path, ours: RegistrationAuthority, settings: Settings) -> None:
    with mock_server(tmp_path, ours, pki_issuer()) as server:
        configure(settings, tmp_path, server.url, ours)
        checking.greet(configured(), moment())
        assert server.heard() == ["GENM"]


def test_a_refusal_of_the_mock_server_is_told_by_its_names(
    tmp_path: Path, ours: RegistrationAuthority, settings: Settings
) -> None:
    refusing = ("-pkistatus", "2", "-failure", "19", "-statusstring", "no such profile")
    asked = wish()
    with mock_server(tmp_path, ours, made_for(asked), *refusing) as server:
        configure(settings, tmp_path, server.url, ours)
        with pytest.raises(CaRefused) as refused:
            authority().issue(asked, moment())
    assert (refused.value.failures, refused.value.words) == (("badCertTemplate",), "no such profile")


@pytest.mark.parametrize("options", [("-send_unprotected",), ("-send_error", "-send_unprot_err")])
def test_what_the_mock_server_does_not_sign_is_not_believed(
    tmp_path: Path, ours: RegistrationAuthority, settings: Settings, options: tuple[str, ...]
) -> None:
    asked = wish()
    with mock_server(tmp_path, ours, made_for(asked), *options) as server:
        configure(settings, tmp_path, server.url, ours)
        with pytest.raises(CaAnswerUntrusted) as untrusted:
            authority().issue(asked, moment())
    assert untrusted.value.reason == "protection-missing"


def test_the_mock_server_does_not_take_another_registration_authority(
    tmp_path: Path, ours: RegistrationAuthority, settings: Settings
) -> None:
    asked = wish()
    stranger = replace(ours, certificate=pki_issuer())
    with mock_server(tmp_path, stranger, made_for(asked)) as server:
        configure(settings, tmp_path, server.url, ours)
        with pytest.raises(CaRefused):
            authority().issue(asked, moment())


@pytest.mark.parametrize("command", ["ir", "p10cr"])
def test_openssl_as_client_gets_a_certificate_from_the_stand_in(
    tmp_path: Path, ours: RegistrationAuthority, command: str
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = tmp_path / "ayse.key"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    request = (
        x509.CertificateSigningRequestBuilder().subject_name(pki.AYSE.subject()).sign(key, hashes.SHA256())
    )
    csr = tmp_path / "ayse.csr"
    csr.write_bytes(request.public_bytes(Encoding.PEM))
    options = ("-csr", str(csr)) if command == "p10cr" else ("-newkey", str(pem), "-subject", "/CN=Ayşe")
    with served(ours.certificate) as stand_in:
        got = tmp_path / "got.pem"
        client(f"{stand_in.url}/cmp", tmp_path, ours, "-cmd", command, *options, "-certout", str(got))
        certificate = x509.load_pem_x509_certificate(got.read_bytes())
        assert certificate.public_key() == key.public_key()
        assert stand_in.confirmed() == [certificate.serial_number]


def test_openssl_as_client_waits_when_the_stand_in_says_so(
    tmp_path: Path, ours: RegistrationAuthority
) -> None:
    key = tmp_path / "ayse.key"
    private = ec.generate_private_key(ec.SECP256R1())
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with served(ours.certificate) as stand_in:
        stand_in.polls = 1
        options = ("-newkey", str(key), "-subject", "/CN=Ayşe", "-certout", str(tmp_path / "got.pem"))
        client(f"{stand_in.url}/cmp", tmp_path, ours, "-cmd", "ir", *options)
        assert [kind for kind, _ in stand_in.seen] == ["ir", "poll_req", "poll_req", "cert_conf"]


def test_openssl_as_client_suspends_opens_and_revokes_at_the_stand_in(
    tmp_path: Path, ours: RegistrationAuthority
) -> None:
    with served(ours.certificate) as stand_in:
        issued = stand_in.issue(pki.AYSE.subject(), ec.generate_private_key(ec.SECP256R1()).public_key())
        pem = tmp_path / "old.pem"
        pem.write_bytes(issued.certificate.public_bytes(Encoding.PEM))
        for reason, said in (
            (6, x509.ReasonFlags.certificate_hold),
            (8, None),
            (1, x509.ReasonFlags.key_compromise),
        ):
            options = ("-cmd", "rr", "-oldcert", str(pem), "-revreason", str(reason))
            client(f"{stand_in.url}/cmp", tmp_path, ours, *options)
            assert issued.reason is said


def test_openssl_as_client_is_refused_what_the_stand_in_refuses(
    tmp_path: Path, ours: RegistrationAuthority
) -> None:
    with served(ours.certificate) as stand_in:
        stand_in.refuses = {"genm": "notAuthorized"}
        with pytest.raises(AssertionError, match="notAuthorized"):
            client(f"{stand_in.url}/cmp", tmp_path, ours, "-cmd", "genm")
