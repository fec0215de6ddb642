"""Certificates as strangers send them: bounded, and parsed before anything is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from kilitcoz_portal.trust.errors import CertificateMalformed

MOST_BYTES = 16 * 1024  # a certificate of today has one to three thousand
MOST_IN_CHAIN = 4  # ways through authorities that certify each other grow as its factorial
# What the two parsers raise for bytes that are none, or none that they can take apart.
FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    RecursionError,
    NotImplementedError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True)
class Read:
    """One certificate in the forms of both libraries: pyca's for its parts, asn1crypto's for its path."""

    der: bytes
    pyca: x509.Certificate
    asn1: asn1.Certificate

    @classmethod
    def of_der(cls, der: bytes) -> Self:
        """Raises CertificateMalformed for all that is not exactly one certificate."""
        if not 0 < len(der) <= MOST_BYTES:
            raise CertificateMalformed("size")
        try:
            parsed = x509.load_der_x509_certificate(der)
            _touch(parsed)
            other = asn1.Certificate.load(der, strict=True)
            other.native  # noqa: B018 - asn1crypto parses lazily; this is where it would complain
            for name in (other.subject, other.issuer):
                name.hashable  # noqa: B018 - and here, of names that RFC 4518 does not let be compared
        except FAULTS:
            raise CertificateMalformed("encoding") from None
        return cls(der, parsed, other)

    @property
    def sha256(self) -> str:
        """In hex, as `holders.CardCertificate` has it."""
        return self.pyca.fingerprint(hashes.SHA256()).hex()


def read_chain(chain: Sequence[bytes]) -> list[Read]:
    """What came with the certificate, in any order. Raises CertificateMalformed."""
    if len(chain) > MOST_IN_CHAIN:
        raise CertificateMalformed("chain")
    return [Read.of_der(der) for der in chain]


def from_file(raw: bytes) -> list[bytes]:
    """The certificates of a file, PEM (one or more) or DER. Raises CertificateMalformed."""
    try:
        if raw.lstrip().startswith(b"-----BEGIN"):
            return [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(raw)]
        return [x509.load_der_x509_certificate(raw).public_bytes(Encoding.DER)]
    except ValueError:
        raise CertificateMalformed("encoding") from None


def _touch(certificate: x509.Certificate) -> None:
    """Have every part parsed that a rule will look at; a fault now is better than one in the middle."""
    for part in ("subject", "issuer", "extensions", "signature_algorithm_oid", "not_valid_after_utc"):
        getattr(certificate, part)
    certificate.public_key()
    if certificate.serial_number <= 0:  # 4.1.2.2
        raise ValueError("serial number")
