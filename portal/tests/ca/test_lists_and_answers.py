"""CRLs and OCSP answers, as OpenSSL and pyca read them."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as pyca_ocsp
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus
from portal.tests.ca.authority import ISSUERS, NOW, authority, certificate_of, question_of, responder

from kilitcoz_portal.ca import crl, ocsp
from kilitcoz_portal.ca.profiles import ProfileName

DAY = timedelta(hours=24)
EDITION = crl.Edition(42, NOW, NOW + DAY, ISSUERS.crl)
REASONS = [x509.ReasonFlags.unspecified, *crl.REASONS]


@pytest.mark.parametrize("reason", REASONS)
def test_an_entry_says_what_pyca_would_say(reason: x509.ReasonFlags) -> None:
    since = NOW - timedelta(days=3)
    found = read([crl.Revoked(0x9F, NOW, reason, since)]).get_revoked_certificate_by_serial_number(0x9F)
    assert found is not None
    assert found.revocation_date_utc == NOW
    assert found.extensions.get_extension_for_class(x509.InvalidityDate).value.invalidity_date_utc == since
    said = [each.value.reason for each in found.extensions if isinstance(each.value, x509.CRLReason)]
    assert said == ([] if reason is x509.ReasonFlags.unspecified else [reason])


def test_an_entry_without_reason_and_date_has_no_extensions() -> None:
    found = read([crl.Revoked(5, NOW)]).get_revoked_certificate_by_serial_number(5)
    assert found is not None
    assert list(found.extensions) == []


def test_a_revocation_after_2049_is_a_generalized_time() -> None:
    late = NOW.replace(year=2050)
    found = read([crl.Revoked(5, late)]).get_revoked_certificate_by_serial_number(5)
    assert found is not None
    assert found.revocation_date_utc == late


@pytest.mark.parametrize("count", [0, 1, 3, 1000])
def test_a_list_is_signed_numbered_and_complete(count: int) -> None:
    listed = read([crl.Revoked(serial, NOW) for serial in range(1, count + 1)])
    assert listed.is_signature_valid(authority().issuing.public_key)
    assert [each.serial_number for each in listed] == list(range(1, count + 1))
    assert listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 42
    scope = listed.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
    assert scope.critical
    assert scope.value.full_name == [x509.UniformResourceIdentifier(ISSUERS.crl)]


def test_a_list_with_entries_and_one_without_have_the_same_frame() -> None:
    empty, full = read([]), read([crl.Revoked(1, NOW)])
    assert (empty.issuer, empty.last_update_utc, empty.next_update_utc) == (
        full.issuer,
        full.last_update_utc,
        full.next_update_utc,
    )
    assert list(empty.extensions) == list(full.extensions)


def test_openssl_takes_the_list_and_sees_who_is_on_it(tmp_path: Path) -> None:
    issuing = write(tmp_path, "issuing.pem", authority().issuing.certificate)
    raw = crl.assemble([crl.entry(crl.Revoked(0xABCDEF, NOW))], EDITION, authority().issuing)
    (tmp_path / "list.crl").write_bytes(raw)
    said = openssl("crl", "-inform", "DER", "-in", str(tmp_path / "list.crl"), "-CAfile", issuing, "-text")
    assert "verify OK" in said
    assert "Serial Number: ABCDEF" in said


@pytest.mark.parametrize("life", [timedelta(0), timedelta(hours=24, seconds=1), -DAY])
def test_a_list_that_lives_longer_than_a_day_is_not_made(life: timedelta) -> None:
    with pytest.raises(ValueError, match="24 hours"):
        crl.Edition(1, NOW, NOW + life, ISSUERS.crl)


@pytest.mark.parametrize("reason", [None, x509.ReasonFlags.certificate_hold, x509.ReasonFlags.key_compromise])
def test_openssl_reads_an_answer(reason: x509.ReasonFlags | None, tmp_path: Path) -> None:
    certificate = certificate_of(ProfileName.SIGNATURE)
    state = ocsp.State(reason is None, NOW if reason else None, reason)
    (tmp_path / "answer").write_bytes(ocsp.answer(question_of(certificate), state, responder(), NOW))
    said = openssl(
        *("ocsp", "-respin", str(tmp_path / "answer"), "-attime", str(int(NOW.timestamp()) + 5)),
        *("-validity_period", str(100 * 365 * 86400)),  # the answer's own times are judged by the clock
        *("-issuer", write(tmp_path, "issuing.pem", authority().issuing.certificate)),
        *("-cert", write(tmp_path, "leaf.pem", certificate)),
        *("-CAfile", write(tmp_path, "root.pem", authority().root.certificate)),
        *("-verify_other", write(tmp_path, "responder.pem", responder().certificate)),
    )
    assert "Response verify OK" in said
    assert f"leaf.pem: {'revoked' if reason else 'good'}" in said


def test_an_answer_says_since_when_no_status_was_dropped(tmp_path: Path) -> None:
    question, issuer = question_of(certificate_of(ProfileName.SIGNATURE)), authority().issuing.certificate
    assert issuer is not None
    (tmp_path / "answer").write_bytes(ocsp.answer(question, ocsp.State(good=True), responder(), NOW))
    said = openssl("ocsp", "-respin", str(tmp_path / "answer"), "-resp_text", "-noverify")
    assert "OCSP Archive Cutoff" in said
    assert f"{issuer.not_valid_before_utc:%b %e %H:%M:%S %Y} GMT" in said


def test_a_request_is_read_with_its_nonce() -> None:
    certificate, issuer = certificate_of(ProfileName.SIGNATURE), authority().issuing.certificate
    assert issuer is not None
    builder = pyca_ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
    nonce = bytes(range(32))
    raw = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build().public_bytes(Encoding.DER)
    question = ocsp.read(raw)
    assert (question.serial_number, question.nonce) == (certificate.serial_number, nonce)
    answered = ocsp.answer(question, ocsp.State(good=True), responder(), NOW)
    loaded = pyca_ocsp.load_der_ocsp_response(answered)
    assert loaded.certificate_status is OCSPCertStatus.GOOD
    assert loaded.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == nonce
    assert loaded.issuer_key_hash == question.issuer_key_hash


@pytest.mark.parametrize("raw", [b"", b"\x30", b"\x30\x80\x00\x00", bytes(9000), b"\x30\x03\x30\x01\x00"])
def test_what_is_no_request_is_refused(raw: bytes) -> None:
    with pytest.raises(ocsp.RequestMalformed):
        ocsp.read(raw)


@pytest.mark.parametrize("length", [0, 129])
def test_a_nonce_of_a_strange_length_is_refused(length: int) -> None:
    certificate, issuer = certificate_of(ProfileName.SIGNATURE), authority().issuing.certificate
    assert issuer is not None
    builder = pyca_ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())
    request = builder.add_extension(x509.OCSPNonce(bytes(length)), critical=False).build()
    with pytest.raises(ocsp.RequestMalformed):
        ocsp.read(request.public_bytes(Encoding.DER))


@pytest.mark.parametrize("status", [OCSPResponseStatus.UNAUTHORIZED, OCSPResponseStatus.TRY_LATER])
def test_a_refusal_is_an_unsigned_error(status: OCSPResponseStatus) -> None:
    assert pyca_ocsp.load_der_ocsp_response(ocsp.refusal(status)).response_status is status


def read(revoked: list[crl.Revoked]) -> x509.CertificateRevocationList:
    entries = [crl.entry(each) for each in revoked]
    return x509.load_der_x509_crl(crl.assemble(entries, EDITION, authority().issuing))


def write(folder: Path, name: str, certificate: x509.Certificate | None) -> str:
    assert certificate is not None
    (folder / name).write_bytes(certificate.public_bytes(Encoding.PEM))
    return str(folder / name)


def openssl(*arguments: str) -> str:
    ended = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    return ended.stdout + ended.stderr
