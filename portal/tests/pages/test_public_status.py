""" "Sertifika Sorgula": anybody asks; the answer is that of CRL and OCSP, and names nobody by a number."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from portal.tests.ca.authority import ORGANISATION_ID
from pytest_django import Settings

from kilitcoz_portal.ca import answers, ceremony, lists
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.ca.errors import CaError, CaNotConfigured, CaUnavailable
from kilitcoz_portal.ca.models import Authority, Status
from kilitcoz_portal.ca.names import Person
from kilitcoz_portal.ca.port import CertificateRequest, CertificateStatus
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.services import EmbeddedAuthority
from kilitcoz_portal.pages.views import public_status

pytestmark = pytest.mark.django_db

ADDRESS = "/sertifika-sorgula"
AYSE = Person("Ayşe", "Yılmaz", "10000000146")


@pytest.fixture
def founded(tmp_path: Path, settings: Settings) -> Authority:
    """Root and issuing authority of this test."""
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    settings.KILITCOZ_CA_PDS = {"en": "https://pki.ornek.example.com/pds-en.pdf"}
    founding = Founding("nes", "Örnek", ORGANISATION_ID, tmp_path / "kok.pem", "uzun bir parola cümlesi")
    return ceremony.found(founding, timezone.now())


@pytest.fixture
def certificate(founded: Authority) -> x509.Certificate:
    """Ayşe's, good."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    public_key = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    wish = CertificateRequest(secrets.token_urlsafe(32), ProfileName.SIGNATURE, AYSE, public_key)
    return x509.load_der_x509_certificate(EmbeddedAuthority().issue(wish, timezone.now()))


def stop(certificate: x509.Certificate, status: Status, reason: x509.ReasonFlags) -> None:
    wanted = CertificateStatus(status, timezone.now(), reason)
    EmbeddedAuthority().set_status([f"{certificate.serial_number:x}"], wanted, timezone.now())


def by_serial(typed: str) -> str:
    return Client().get(ADDRESS, {"seri": typed}, headers={"accept-language": "tr"}).content.decode()


def by_file(raw: bytes) -> tuple[int, str]:
    file = SimpleUploadedFile("sertifika.cer", raw)
    answer = Client().post(ADDRESS, {"dosya": file}, headers={"accept-language": "tr"})
    return answer.status_code, answer.content.decode()


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def self_signed(serial_number: int) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Kerem's own work."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kerem")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), serial_number)
    now = timezone.now()
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=9))
    return builder.sign(key, hashes.SHA256()), key


@pytest.mark.parametrize("form", ["hex", "colons", "spaces", "decimal", "0x"])
def test_a_number_is_taken_as_certificates_and_programs_write_it(
    certificate: x509.Certificate, form: str
) -> None:
    number = certificate.serial_number
    pairs = [f"{number:040X}"[at : at + 2] for at in range(0, 40, 2)]
    typed = {
        "hex": f"{number:x}",
        "colons": ":".join(pairs),
        "spaces": " ".join(pairs),
        "decimal": str(number),
        "0x": f"0x{number:X}",
    }[form]
    page = by_serial(typed)
    assert "<h3>Geçerli</h3>" in page
    assert f"{number:X}" in page


def test_by_its_number_a_certificate_names_nobody(certificate: x509.Certificate) -> None:
    page = by_serial(f"{certificate.serial_number:x}")
    assert "Yılmaz" not in page
    assert AYSE.id_number not in page
    assert "Yılmaz" in by_file(der(certificate))[1]


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_a_file_is_taken_in_both_encodings(certificate: x509.Certificate, encoding: Encoding) -> None:
    status, page = by_file(certificate.public_bytes(encoding))
    assert status == 200
    assert "<h3>Geçerli</h3>" in page
    assert "Örnek" in page


@pytest.mark.parametrize(
    ("status", "reason", "heading", "words"),
    [
        (Status.ON_HOLD, x509.ReasonFlags.certificate_hold, "Askıda", "yeniden açılabilir"),
        (Status.REVOKED, x509.ReasonFlags.key_compromise, "İptal edilmiş", "başkasının eline geçmiş"),
        (Status.REVOKED, x509.ReasonFlags.superseded, "İptal edilmiş", "Yerine yenisi verildi"),
    ],
)
def test_the_page_says_what_crl_and_ocsp_say(
    certificate: x509.Certificate, status: Status, reason: x509.ReasonFlags, heading: str, words: str
) -> None:
    stop(certificate, status, reason)
    page = by_serial(f"{certificate.serial_number:x}")
    assert f"<h3>{heading}</h3>" in page
    assert words in page
    newest = lists.download("nes")
    assert newest is not None
    entry = x509.load_der_x509_crl(newest.der).get_revoked_certificate_by_serial_number(
        certificate.serial_number
    )
    assert entry is not None
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is reason
    issuer = x509.load_der_x509_certificate(bytes(Authority.objects.get().certificate))
    question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()
    answered = answers.answer(question.public_bytes(Encoding.DER), timezone.now())
    assert ocsp.load_der_ocsp_response(answered.der).revocation_reason is reason


def test_opened_again_it_is_valid_again(certificate: x509.Certificate) -> None:
    stop(certificate, Status.ON_HOLD, x509.ReasonFlags.certificate_hold)
    stop(certificate, Status.GOOD, x509.ReasonFlags.unspecified)
    assert "<h3>Geçerli</h3>" in by_serial(f"{certificate.serial_number:x}")


def test_a_number_that_we_never_gave_is_not_ours(founded: Authority) -> None:
    assert "Bu numarayla sertifika vermedik" in by_serial("12:34:56")


def test_somebody_elses_certificate_is_not_ours_even_under_a_number_of_ours(
    certificate: x509.Certificate,
) -> None:
    forged, _ = self_signed(certificate.serial_number)
    for each in (forged, self_signed(77)[0]):
        status, page = by_file(der(each))
        assert status == 200
        assert "Bizim verdiğimiz bir sertifika değil" in page


def test_the_authoritys_own_certificates_are_known(founded: Authority) -> None:
    for each in (founded.certificate, founded.root):
        assert "Kurumun kendi sertifikası" in by_file(bytes(each))[1]


@pytest.mark.parametrize("typed", ["xyz", "12 34 güvenlik", "0", "f" * 41, "1" * 97, "-", "٣٤"])
def test_what_can_be_no_number_is_told_as_that(founded: Authority, typed: str) -> None:
    answer = Client().get(ADDRESS, {"seri": typed}, headers={"accept-language": "tr"})
    assert answer.status_code == 422
    assert "Bu bir seri numarası olamaz" in answer.content.decode()


def key_files() -> dict[str, bytes]:
    """What carries a private key, in the forms that programs write."""
    certificate, key = self_signed(5)
    secret = BestAvailableEncryption(b"parola")
    return {
        "pem": key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        "der": key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        "der-encrypted": key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, secret),
        "p12": serialize_key_and_certificates(b"kerem", key, certificate, None, secret),
        "pem-with-certificate": certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret),
    }


@pytest.mark.parametrize("form", ["pem", "der", "der-encrypted", "p12", "pem-with-certificate"])
def test_a_key_is_refused_with_a_warning(founded: Authority, form: str) -> None:
    status, page = by_file(key_files()[form])
    assert status == 422
    assert "Bu dosyayı kimseye göndermeyin" in page


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "Dosya gelmedi"),
        (b"\x30\x03\x02\x01", "Dosya okunamadı"),
        (b"%PDF-1.7 bir belge", "Dosya okunamadı"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "Dosya okunamadı"),
        (
            b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
            "Dosya okunamadı",
        ),
        (b"\x30" * (16 * 1024 + 1), "Dosya çok büyük"),
        (b"\x00" * 3_000_000, "Dosya çok büyük"),
    ],
    ids=["empty", "cut", "pdf", "pem", "request", "large", "huge"],
)
def test_what_is_no_certificate_is_refused_in_plain_words(founded: Authority, raw: bytes, says: str) -> None:
    status, page = by_file(raw)
    assert status == 422
    assert says in page


def test_a_certificate_cut_anywhere_is_refused(certificate: x509.Certificate) -> None:
    whole = der(certificate)
    for length in range(1, len(whole), 97):
        assert by_file(whole[:length])[0] == 422


def test_several_in_one_file_are_not_guessed_at(certificate: x509.Certificate) -> None:
    both = certificate.public_bytes(Encoding.PEM) + self_signed(6)[0].public_bytes(Encoding.PEM)
    assert "Dosyada birden çok sertifika var" in by_file(both)[1]


def test_no_file_at_all_is_told(founded: Authority) -> None:
    answer = Client().post(ADDRESS, headers={"accept-language": "tr"})
    assert answer.status_code == 422
    assert "Dosya gelmedi" in answer.content.decode()


@pytest.mark.parametrize("refusal", [CaUnavailable, CaNotConfigured])
def test_an_authority_that_does_not_answer_is_told_as_that(
    certificate: x509.Certificate, monkeypatch: pytest.MonkeyPatch, refusal: type[CaError]
) -> None:
    def silent(*_arguments: object) -> None:
        raise refusal

    monkeypatch.setattr(EmbeddedAuthority, "fetch_status", silent)
    status, page = by_file(der(certificate))
    assert status == 503
    assert "Sertifika kurumu şu anda yanıt vermiyor" in page
    assert "Geçerli</h3>" not in page


def test_who_asks_too_often_is_told_of_ocsp(founded: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_status, "PER_NETWORK", 2)
    for _ in range(2):
        assert "vermedik" in by_serial("12")
    answer = Client().get(ADDRESS, {"seri": "12"}, headers={"accept-language": "tr"})
    assert answer.status_code == 429
    assert "OCSP adresini" in answer.content.decode()


def test_the_front_page_leads_here_and_to_what_programs_ask(founded: Authority) -> None:
    page = Client().get("/").content.decode()
    for address in (ADDRESS, "/pki/nes.cer", "/pki/kok.cer", "/pki/nes.crl", "/ocsp"):
        assert address in page
