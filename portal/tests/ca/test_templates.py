"""What is put together from a template is, byte for byte, what pyca's builder makes of the same order."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from portal.tests.ca.authority import ISSUERS, NOW, STATEMENTS, authority

from kilitcoz_portal.ca import names
from kilitcoz_portal.ca.certificates import SERIAL_BITS, Order, make, not_after
from kilitcoz_portal.ca.extensions import extensions
from kilitcoz_portal.ca.names import Person
from kilitcoz_portal.ca.profiles import PROFILES, ProfileName
from kilitcoz_portal.ca.signing import HeldKey, Issuer

KINDS = ["secp256r1", "secp384r1", "rsa2048", "rsa3072"]
LETTERS = st.text("abcçdefgğhıijklmnoöprsştuüvyz ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ'-", min_size=1, max_size=40)
PERSONS = st.builds(Person, LETTERS, LETTERS, st.just("10000000146"))
FOREIGNERS = st.builds(Person, LETTERS, LETTERS, st.text("AZ019", min_size=1, max_size=20), st.just("DE"))
SUBJECTS = st.one_of(PERSONS, FOREIGNERS).map(Person.subject)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2099, 1, 1)).map(  # noqa: DTZ001 - UTC is set behind it
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@cache
def key(kind: str) -> HeldKey:
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))
    return ec.generate_private_key(ec.SECP256R1() if kind == "secp256r1" else ec.SECP384R1())


@cache
def issuer(kind: str) -> Issuer:
    """An issuing authority whose own certificate ends after all others."""
    name = names.authority("Örnek", "NTRTR-0000001", f"Örnek NES {kind}")
    root = authority().root
    builder = x509.CertificateBuilder(
        root.name, name, key(kind).public_key(), 1, NOW, datetime(2150, 1, 1, tzinfo=UTC)
    )
    return Issuer(name, key(kind), builder.sign(root.key, root.hash))


@pytest.mark.parametrize("profile", list(ProfileName))
@settings(deadline=None, max_examples=40)
@pytest.mark.parametrize("kind", ["secp256r1", "secp384r1", "rsa2048"])
@given(
    subject=SUBJECTS,
    subject_kind=st.sampled_from(KINDS),
    serial=st.integers(1, (1 << SERIAL_BITS) - 1),
    moment=MOMENTS,
)
def test_the_signed_part_is_the_builders(
    profile: ProfileName, kind: str, subject: x509.Name, subject_kind: str, serial: int, moment: datetime
) -> None:
    signer = issuer(kind) if profile is not ProfileName.ROOT else Issuer(issuer(kind).name, key(kind))
    statements = STATEMENTS if PROFILES[profile].qualified else None
    order = Order(profile, subject, key(subject_kind).public_key(), serial, moment, statements)
    made, built = make(order, signer, ISSUERS), build(order, signer)
    assert made.tbs_certificate_bytes == built.tbs_certificate_bytes
    assert made.signature_algorithm_oid == built.signature_algorithm_oid


@pytest.mark.parametrize("kind", KINDS)
def test_the_signature_is_the_issuers_own(kind: str) -> None:
    order = Order(ProfileName.CARD, issuer(kind).name, key("secp256r1").public_key(), 7, NOW)
    made = make(order, issuer(kind), ISSUERS)
    certificate = issuer(kind).certificate
    assert certificate is not None
    made.verify_directly_issued_by(certificate)


def build(order: Order, signer: Issuer) -> x509.Certificate:
    """By pyca alone, with the issuer's own key."""
    builder = x509.CertificateBuilder(
        signer.name,
        order.subject,
        order.public_key,
        order.serial_number,
        order.not_before,
        not_after(order, signer),
    )
    signer_key = signer.public_key if signer.certificate is not None else None
    for extension, critical in extensions(
        PROFILES[order.profile], order.public_key, signer_key, ISSUERS, order.statements
    ):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer.key, signer.hash)
