"""Certificates as they are enrolled: read strictly, and the key 9E taken from its certificate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kilitcoz_cards.identity import certificate_hash
from kilitcoz_portal.holders.errors import CertificateInvalid

CARD_AUTHENTICATION = "9e"  # SP 800-73-4 part 1, table 4b
_CURVES = frozenset({"secp256r1", "secp384r1"})
_RSA_BITS = frozenset({2048, 3072})


@dataclass(frozen=True)
class Enrolled:
    """One certificate: slot as two hex digits, DER, SHA-256 in hex."""

    slot: str
    der: bytes
    sha256: str


def read(slot: str, raw: bytes) -> Enrolled:
    """A certificate in PEM or DER. Raises CertificateInvalid."""
    if not re.fullmatch(r"[0-9a-f]{2}", slot):
        raise CertificateInvalid
    try:
        pem = raw.lstrip().startswith(b"-----BEGIN")
        certificate = x509.load_pem_x509_certificate(raw) if pem else x509.load_der_x509_certificate(raw)
    except ValueError:
        raise CertificateInvalid from None
    der = certificate.public_bytes(Encoding.DER)
    return Enrolled(slot, der, certificate_hash(der))


def card_auth_key(certificates: Mapping[str, Enrolled]) -> bytes | None:
    """SubjectPublicKeyInfo (DER) of slot 9E's key, None without that slot. Raises CertificateInvalid for a
    key that no card of ours proves: P-256, P-384, RSA 2048, RSA 3072 are taken.
    """
    if CARD_AUTHENTICATION not in certificates:
        return None
    key = x509.load_der_x509_certificate(certificates[CARD_AUTHENTICATION].der).public_key()
    elliptic = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES
    if not elliptic and not (isinstance(key, rsa.RSAPublicKey) and key.key_size in _RSA_BITS):
        raise CertificateInvalid
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
