"""The card's signature over a prepared consent: is it that, by a certificate that may sign?"""

from __future__ import annotations

from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kilitcoz_cards.authentication import SignatureAlgorithm
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.signed_attributes import ALGORITHM_OF
from kilitcoz_portal.approval import evidence, signers
from kilitcoz_portal.approval.errors import SignatureWrong
from kilitcoz_portal.approval.models import Consent
from kilitcoz_portal.approval.pades import Prepared
from kilitcoz_portal.approval.signed_data import Signature
from kilitcoz_portal.trust.errors import CertificateWeak
from kilitcoz_portal.trust.reading import Read

_KEY_OF_CURVE = {"secp256r1": KeyAlgorithm.ECC_P256, "secp384r1": KeyAlgorithm.ECC_P384}
_KEY_OF_BITS = {2048: KeyAlgorithm.RSA_2048, 3072: KeyAlgorithm.RSA_3072}
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}


def algorithm_of(certificate: bytes) -> SignatureAlgorithm:
    """How a card signs with this certificate's key. Raises CertificateMalformed, CertificateWeak."""
    key = Read.of_der(certificate).pyca.public_key()
    kind = None
    if isinstance(key, ec.EllipticCurvePublicKey):
        kind = _KEY_OF_CURVE.get(key.curve.name)
    elif isinstance(key, rsa.RSAPublicKey):
        kind = _KEY_OF_BITS.get(key.key_size)
    if kind is None:
        raise CertificateWeak("public-key")
    return ALGORITHM_OF[kind]


def check(consent: Consent, value: bytes, now: datetime) -> None:
    """Raises SignatureWrong, and as signers.require_usable. May take the network: not inside a
    transaction.
    """
    _verify(consent, value)
    signers.require_usable(consent.holder, bytes(consent.certificate), now)


def _verify(consent: Consent, value: bytes) -> None:
    key = Read.of_der(bytes(consent.certificate)).pyca.public_key()
    signed, by = bytes(consent.attributes), _HASHES[SignatureAlgorithm(consent.algorithm).hash_name]
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), by)
        else:
            assert isinstance(key, ec.EllipticCurvePublicKey)  # algorithm_of admits no other
            key.verify(value, signed, ec.ECDSA(by))
    except InvalidSignature:
        raise SignatureWrong("verification") from None


def signature_of(consent: Consent, value: bytes, now: datetime) -> Signature:
    """As signed_data wants it. Raises TrustError where the certificate's path does not hold."""
    certificate = bytes(consent.certificate)
    return Signature(
        attributes=bytes(consent.attributes),
        value=value,
        algorithm=SignatureAlgorithm(consent.algorithm),
        certificate=certificate,
        chain=evidence.chain_of(certificate, now),
    )


def prepared_of(consent: Consent) -> Prepared:
    """The PDF that awaits, or awaited, its signature."""
    return Prepared(
        bytes(consent.prepared), bytes(consent.document_hash), consent.region_start, consent.region_end
    )
