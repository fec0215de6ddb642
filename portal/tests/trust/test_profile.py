"""What the holder's own certificate must be: a refusal for each rule."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from portal.tests import pki
from portal.tests.pki import Credential
from portal.tests.trust.believing import believe, refusal
from pytest_django.fixtures import Settings

from kilitcoz_portal.trust.qualified import QC_STATEMENTS
from kilitcoz_portal.trust.services import Usage

pytestmark = pytest.mark.django_db

USAGE_WRONG = "certificate-usage-wrong"


def purposes(*oids: x509.ObjectIdentifier) -> pki.Extensions:
    """Extended key usage."""
    return ((x509.ExtendedKeyUsage(list(oids)), False),)


def key_usage(*bits: str) -> pki.Extensions:
    """Key usage."""
    return ((pki.usage(*bits), True),)


def statements(value: bytes) -> pki.Extensions:
    """QCStatements."""
    return ((x509.UnrecognizedExtension(QC_STATEMENTS, value), False),)


@pytest.mark.parametrize(
    ("bits", "believed"),
    [
        (("digital_signature",), True),
        (("digital_signature", "content_commitment"), True),
        (("content_commitment",), False),
        (("key_encipherment",), False),
        (("digital_signature", "key_cert_sign"), False),
        (("digital_signature", "crl_sign"), False),
    ],
)
def test_a_login_needs_a_key_that_may_sign_and_no_more_than_a_persons(
    root: Credential, bits: tuple[str, ...], *, believed: bool
) -> None:
    certificate = root.issue(more=key_usage(*bits))
    if believed:
        assert believe(certificate)
    else:
        assert refusal(certificate) == (USAGE_WRONG, "key-usage")


def test_a_certificate_without_key_usage_is_refused(root: Credential) -> None:
    assert refusal(root.issue(without=(x509.KeyUsage,))) == (USAGE_WRONG, "key-usage-missing")


def test_a_consent_needs_a_key_that_commits(root: Credential) -> None:
    consenting = root.issue(more=key_usage("content_commitment"), without=(x509.ExtendedKeyUsage,))
    assert believe(consenting, usage=Usage.SIGNATURE)
    assert refusal(root.issue(), usage=Usage.SIGNATURE) == (USAGE_WRONG, "key-usage")


def test_an_authoritys_certificate_signs_nobody_in(root: Credential) -> None:
    ca = ((x509.BasicConstraints(ca=True, path_length=None), True),)
    assert refusal(root.issue(more=ca)) == (USAGE_WRONG, "basic-constraints")
    assert believe(root.issue(without=(x509.BasicConstraints,)))


@pytest.mark.parametrize(
    ("oid", "believed"),
    [
        (ExtendedKeyUsageOID.CLIENT_AUTH, True),
        (ExtendedKeyUsageOID.SMARTCARD_LOGON, True),
        (ExtendedKeyUsageOID.SERVER_AUTH, False),
        (ExtendedKeyUsageOID.EMAIL_PROTECTION, False),
        (ExtendedKeyUsageOID.OCSP_SIGNING, False),
        (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE, False),
    ],
)
def test_where_purposes_are_named_logging_in_is_one_of_them(
    root: Credential, oid: x509.ObjectIdentifier, *, believed: bool
) -> None:
    certificate = root.issue(more=purposes(oid))
    if believed:
        assert believe(certificate)
    else:
        assert refusal(certificate) == (USAGE_WRONG, "extended-key-usage")


def test_a_certificate_that_names_no_purpose_may_be_used_for_any(root: Credential) -> None:
    assert believe(root.issue(without=(x509.ExtendedKeyUsage,)))


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65537, 2048),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["P-384", "P-521", "RSA 2048", "Ed25519"],
)
def test_keys_of_today_are_believed(root: Credential, key: pki.PrivateKey) -> None:
    assert believe(root.issue(key=key))


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP224R1()), ec.generate_private_key(ec.SECP256K1())],
    ids=["P-224", "secp256k1"],
)
def test_curves_that_nobody_expects_are_refused(root: Credential, key: pki.PrivateKey) -> None:
    assert refusal(root.issue(key=key)) == ("certificate-weak", "public-key")


UNREADABLE = ("certificate-malformed", "encoding")


def test_only_where_it_is_asked_must_a_certificate_be_qualified(root: Credential, settings: Settings) -> None:
    assert believe(root.issue())
    settings.KILITCOZ_TRUST_QUALIFIED = True
    refused = ("certificate-not-qualified", "qc-compliance")
    assert believe(root.issue(more=statements(pki.QC_COMPLIANCE)))
    assert refusal(root.issue()) == refused
    other = bytes.fromhex("300a3008060604008e460104")  # id-etsi-qcs-QcSSCD alone
    assert refusal(root.issue(more=statements(other))) == refused
    for malformed in (b"", b"\x05\x00", pki.QC_COMPLIANCE[:-1], pki.QC_COMPLIANCE + b"\x00", b"\x30\x80"):
        # pyHanko, where a signature has been checked in this process, lets no malformed list be read at all
        assert refusal(root.issue(more=statements(malformed))) in {refused, UNREADABLE}


def test_a_certificate_that_names_nobody_is_refused_last(root: Credential) -> None:
    assert refusal(root.issue(subject=pki.person("12345"))) == (
        "certificate-names-nobody",
        "serial-number-form",
    )
