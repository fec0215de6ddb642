"""Checking a card's signature by the key the portal enrolled: RSA PKCS#1 v1.5 or ECDSA."""

from __future__ import annotations

from collections.abc import Callable

from kilitcoz_cards.identity import KeyAlgorithm


def signature_check(key: bytes, algorithm: KeyAlgorithm, challenge: bytes) -> Callable[[bytes], bool]:
    """A function that says whether a signature over `challenge` is by `key` (SubjectPublicKeyInfo, DER).

    A key that does not parse, or is of another kind than `algorithm`, accepts nothing.
    """
    # late: an idle service needs no cryptography
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    def check(signature: bytes) -> bool:
        chosen = hashes.SHA384() if algorithm.hash_name == "sha384" else hashes.SHA256()
        try:
            public = serialization.load_der_public_key(key)
            if isinstance(public, rsa.RSAPublicKey) and algorithm.is_rsa:
                public.verify(signature, challenge, padding.PKCS1v15(), chosen)
            elif isinstance(public, ec.EllipticCurvePublicKey) and not algorithm.is_rsa:
                public.verify(signature, challenge, ec.ECDSA(chosen))
            else:
                return False
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return True

    return check
