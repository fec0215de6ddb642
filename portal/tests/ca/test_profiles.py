"""Strangers' linters and validators find nothing to say against what we sign."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from portal.tests.ca.authority import (
    AYSE,
    ISSUERS,
    NOW,
    STATEMENTS,
    authority,
    certificate_of,
    question_of,
    responder,
)
from portal.tests.ca.linting import PERSONS, lint, lint_answer, lint_list

from kilitcoz_portal.ca import crl, ocsp
from kilitcoz_portal.ca.certificates import Order, make
from kilitcoz_portal.ca.profiles import PROFILES, ProfileName
from kilitcoz_portal.ca.qualified import QcStatements

# The linters leave the file they read to the garbage collector, which complains of it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

ENTITIES = (ProfileName.SIGNATURE, ProfileName.AUTHENTICATION, ProfileName.CARD)


@pytest.mark.parametrize("profile", PERSONS)
def test_pkilint_has_nothing_against_a_persons_certificate(profile: ProfileName, tmp_path: Path) -> None:
    found = lint(tmp_path, certificate_of(profile), "lint_etsi_cert", "lint", "-t", PERSONS[profile])
    assert found == ""


@pytest.mark.parametrize("profile", list(ProfileName))
def test_pkilint_has_nothing_against_any_certificate(profile: ProfileName, tmp_path: Path) -> None:
    made = {
        ProfileName.ROOT: authority().root.certificate,
        ProfileName.ISSUING: authority().issuing.certificate,
        ProfileName.OCSP_RESPONDER: responder().certificate,
    }
    certificate = made[profile] if profile in made else certificate_of(profile)
    assert certificate is not None
    assert lint(tmp_path, certificate, "lint_pkix_cert", "lint") == ""


def test_pkilint_has_nothing_against_a_list(tmp_path: Path) -> None:
    revoked = [
        crl.Revoked(1, NOW),
        crl.Revoked(2, NOW, x509.ReasonFlags.certificate_hold),
        crl.Revoked(3, NOW, x509.ReasonFlags.key_compromise, NOW - timedelta(days=2)),
    ]
    for entries in ([], [crl.entry(each) for each in revoked]):
        edition = crl.Edition(1, NOW, NOW + timedelta(hours=24), ISSUERS.crl)
        assert lint_list(tmp_path, crl.assemble(entries, edition, authority().issuing)) == ""


@pytest.mark.parametrize("nonce", [None, bytes(range(32))])
@pytest.mark.parametrize("reason", [None, x509.ReasonFlags.certificate_hold])
def test_pkilint_has_nothing_against_an_answer(
    reason: x509.ReasonFlags | None, nonce: bytes | None, tmp_path: Path
) -> None:
    question = question_of(certificate_of(ProfileName.SIGNATURE), nonce)
    state = ocsp.State(reason is None, NOW if reason else None, reason)
    assert lint_answer(tmp_path, ocsp.answer(question, state, responder(), NOW)) == ""


def test_openssl_builds_the_path(tmp_path: Path) -> None:
    issuing, root = (
        pem(tmp_path, f"{index}.pem", each) for index, each in enumerate(authority().certificates)
    )
    for profile in ENTITIES:
        leaf = pem(tmp_path, "leaf.pem", certificate_of(profile))
        at = str(int(NOW.timestamp()) + 60)
        command = ["openssl", "verify", "-x509_strict", "-attime", at, "-CAfile", root, "-untrusted", issuing]
        ended = subprocess.run([*command, leaf], capture_output=True, text=True, check=False)
        assert ended.stdout.strip().endswith("leaf.pem: OK"), ended.stderr


@pytest.mark.parametrize("profile", [each for each in ProfileName if PROFILES[each].is_authority])
def test_an_authoritys_key_signs_nothing_but_certificates_and_lists(profile: ProfileName) -> None:
    assert PROFILES[profile].key_usage == {"key_cert_sign", "crl_sign"}


def test_a_certificate_does_not_outlive_its_issuer() -> None:
    issuing = authority().issuing
    assert issuing.certificate is not None
    late = issuing.certificate.not_valid_after_utc - timedelta(days=30)
    certificate, _ = authority().certify(ProfileName.AUTHENTICATION, AYSE.subject(), late)
    assert certificate.not_valid_after_utc == issuing.certificate.not_valid_after_utc


@pytest.mark.parametrize(
    ("profile", "statements"), [(ProfileName.SIGNATURE, None), (ProfileName.AUTHENTICATION, STATEMENTS)]
)
def test_statements_stand_in_qualified_certificates_and_only_there(
    profile: ProfileName, statements: QcStatements | None
) -> None:
    order = Order(profile, AYSE.subject(), key(), 7, NOW, statements)
    with pytest.raises(ValueError, match="QCStatements"):
        make(order, authority().issuing, ISSUERS)


def test_a_certificate_that_nobody_could_ask_about_is_not_made() -> None:
    order = Order(ProfileName.AUTHENTICATION, AYSE.subject(), key(), 7, NOW)
    with pytest.raises(ValueError, match="status"):
        make(order, authority().issuing, None)


@pytest.mark.parametrize("serial", [0, -1, 1 << 158])
def test_a_serial_number_out_of_range_is_refused(serial: int) -> None:
    order = Order(ProfileName.AUTHENTICATION, AYSE.subject(), key(), serial, NOW)
    with pytest.raises(ValueError, match="serial"):
        make(order, authority().issuing, ISSUERS)


@pytest.mark.parametrize(
    "disclosures",
    [(("tr", "https://pki.ornek.example/tr.pdf"),), (("en", "http://pki.ornek.example/en.pdf"),)],
)
def test_a_disclosure_statement_is_in_english_too_and_at_https(
    disclosures: tuple[tuple[str, str], ...],
) -> None:
    with pytest.raises(ValueError, match="disclosure"):
        QcStatements(disclosures)


def key() -> ec.EllipticCurvePublicKey:
    return ec.generate_private_key(ec.SECP256R1()).public_key()


def pem(folder: Path, name: str, certificate: x509.Certificate) -> str:
    (folder / name).write_bytes(certificate.public_bytes(Encoding.PEM))
    return str(folder / name)
