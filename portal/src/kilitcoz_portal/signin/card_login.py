"""Signing in with a certificate: a token that the holder's key signed (Web eID, "authentication token"), and
whose certificate it is.

The key signs hash(origin) ‖ hash(nonce), each by the hash of its algorithm, so that a signature made for
another site or for another login is worth nothing here.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings

from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.errors import (
    CertificateNotEnrolled,
    HolderNotKnown,
    LoginAlgorithmRefused,
    LoginSignatureWrong,
)
from kilitcoz_portal.trust import services as trust
from kilitcoz_portal.trust.identity import Identity, IdKind
from kilitcoz_portal.trust.policy import Usage
from kilitcoz_portal.trust.reading import Read

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
_CURVES = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}  # RFC 7518, 3.4
ALGORITHMS = frozenset(f"{family}{bits}" for family in ("ES", "RS", "PS") for bits in _HASHES)


class LoginToken(Protocol):
    """What the card service hands over. `unverified_certificate`: DER. `algorithm`: a name of RFC 7518, 3.1.
    `signature`: as in a JWS; for ES… the two numbers one after the other, of the curve's length each.
    """

    @property
    def unverified_certificate(self) -> bytes:
        """Whose key signed, it says."""

    @property
    def algorithm(self) -> str:
        """ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384 or PS512."""

    @property
    def signature(self) -> bytes:
        """Over what `signed_bytes` gives."""


def signed_bytes(algorithm: str, *, origin: str, nonce: str) -> bytes:
    """hash(origin) ‖ hash(nonce), which the signature algorithm is applied to.

    Raises LoginAlgorithmRefused.
    """
    if algorithm not in ALGORITHMS:
        raise LoginAlgorithmRefused
    by = _HASHES[algorithm[2:]].name
    return b"".join(hashlib.new(by, part.encode()).digest() for part in (origin, nonce))


def verify(token: LoginToken, *, nonce: str, origin: str, now: datetime) -> Identity:
    """Whom the token's certificate names, if its key signed for this origin and nonce and all of
    `trust.validate` holds. May ask for status over the network: not inside a transaction.

    Raises LoginAlgorithmRefused, LoginSignatureWrong, and every TrustError.
    """
    certificate = Read.of_der(token.unverified_certificate)
    signed = signed_bytes(token.algorithm, origin=origin, nonce=nonce)
    try:
        check_signature(certificate.pyca.public_key(), token.algorithm, token.signature, signed)
    except InvalidSignature:
        raise LoginSignatureWrong from None
    return trust.validate(token.unverified_certificate, (), usage=Usage.AUTHENTICATION, now=now)


def holder_of(identity: Identity, now: datetime) -> Holder:  # noqa: ARG001 - every verb is told the time
    """The holder whom a validated certificate names.

    A certificate counts that was enrolled with one of this holder's cards; others only where the installation
    says so (KILITCOZ_LOGIN_UNKNOWN_CERTIFICATES), and then by a T.C. Kimlik No alone: of a passport number it
    is not on record which country gave it. Raises HolderNotKnown, CertificateNotEnrolled.
    """
    holder = holders.by_id_number(identity.id_number)
    if holder is None or holder.id_kind != identity.id_kind:
        raise HolderNotKnown
    if holders.certificate_enrolled(holder.pk, identity.certificate_sha256):
        return holder
    if settings.KILITCOZ_LOGIN_UNKNOWN_CERTIFICATES and identity.id_kind is IdKind.TCKN:
        return holder
    raise CertificateNotEnrolled


def check_signature(key: PublicKeyTypes, algorithm: str, signature: bytes, signed: bytes) -> None:
    """Raises LoginAlgorithmRefused where the key is not of the algorithm's kind, InvalidSignature where it
    did not sign.
    """
    family, by = algorithm[:2], _HASHES[algorithm[2:]]
    if isinstance(key, ec.EllipticCurvePublicKey) and family == "ES":
        if not isinstance(key.curve, _CURVES[algorithm]):
            raise LoginAlgorithmRefused
        key.verify(_der_of(signature, (key.key_size + 7) // 8), signed, ec.ECDSA(by))
    elif isinstance(key, rsa.RSAPublicKey) and family == "RS":
        key.verify(signature, signed, padding.PKCS1v15(), by)
    elif isinstance(key, rsa.RSAPublicKey) and family == "PS":
        key.verify(signature, signed, padding.PSS(padding.MGF1(by), by.digest_size), by)  # RFC 7518, 3.5
    else:
        raise LoginAlgorithmRefused


def _der_of(signature: bytes, length: int) -> bytes:
    """The two numbers of `length` bytes each, as the library wants them. Raises InvalidSignature."""
    if len(signature) != 2 * length:
        raise InvalidSignature
    return encode_dss_signature(
        int.from_bytes(signature[:length], "big"), int.from_bytes(signature[length:], "big")
    )
