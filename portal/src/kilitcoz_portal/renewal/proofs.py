"""Whether a key that was made on a card is one that was wanted, and signed for itself."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kilitcoz_cards.messages import KeyAlgorithm

_OF_CURVE = {"secp256r1": KeyAlgorithm.ECC_P256, "secp384r1": KeyAlgorithm.ECC_P384}
_OF_RSA = {2048: KeyAlgorithm.RSA_2048, 3072: KeyAlgorithm.RSA_3072}


def algorithm_in(certificate: bytes) -> KeyAlgorithm:
    """The kind of the key in a certificate of ours (DER)."""
    kind = _algorithm_of(x509.load_der_x509_certificate(certificate).public_key())
    assert kind is not None
    return kind


def proves(public_key: bytes, wanted: KeyAlgorithm, message: bytes, signature: bytes) -> bool:
    """Whether SubjectPublicKeyInfo `public_key` is such a key, and the signature over `message` its own."""
    try:
        key = load_der_public_key(public_key)
        if _algorithm_of(key) is not wanted:
            return False
        if isinstance(key, ec.EllipticCurvePublicKey):
            chosen = hashes.SHA384() if wanted is KeyAlgorithm.ECC_P384 else hashes.SHA256()
            key.verify(signature, message, ec.ECDSA(chosen))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _algorithm_of(key: object) -> KeyAlgorithm | None:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _OF_CURVE.get(key.curve.name)
    return _OF_RSA.get(key.key_size) if isinstance(key, rsa.RSAPublicKey) else None
