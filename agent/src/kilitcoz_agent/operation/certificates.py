"""The certificate with which a holder logs in or signs, as far as the card service must know it: whose,
until when, and what kind of key. Whether it is to be believed is the portal's word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from kilitcoz_agent.errors import CertificateUnusable
from kilitcoz_cards.identity import KeyAlgorithm

_OF_CURVE = {"secp256r1": KeyAlgorithm.ECC_P256, "secp384r1": KeyAlgorithm.ECC_P384}
_OF_RSA = {2048: KeyAlgorithm.RSA_2048, 3072: KeyAlgorithm.RSA_3072}


@dataclass(frozen=True)
class CardCertificate:
    """What is shown of it, and what it signs with. `name`: the subject's common name, or empty."""

    name: str
    key: KeyAlgorithm


def read_certificate(der: bytes, now: float, deed: str = "login") -> CardCertificate:
    """The certificate, if it can serve at `now` (seconds since 1970). `deed`: login or sign.

    Raises CertificateUnusable: `login-certificate-unreadable`, `-expired`, `-not-yet-valid`, `-key`, or
    `sign-certificate-…`.
    """
    # late: an idle service needs no X.509
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509.oid import NameOID

    try:
        certificate = x509.load_der_x509_certificate(der)
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        key = _key_of(certificate.public_key())
    except (ValueError, UnsupportedAlgorithm):
        raise CertificateUnusable(f"{deed}-certificate-unreadable") from None
    moment = datetime.fromtimestamp(now, UTC)
    if moment > ends:
        raise CertificateUnusable(f"{deed}-certificate-expired")
    if moment < begins:
        raise CertificateUnusable(f"{deed}-certificate-not-yet-valid")
    if key is None:
        raise CertificateUnusable(f"{deed}-certificate-key")
    return CardCertificate(str(names[0].value)[:80] if names else "", key)


def _key_of(public: object) -> KeyAlgorithm | None:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(public, ec.EllipticCurvePublicKey):
        return _OF_CURVE.get(public.curve.name)
    return _OF_RSA.get(public.key_size) if isinstance(public, rsa.RSAPublicKey) else None
