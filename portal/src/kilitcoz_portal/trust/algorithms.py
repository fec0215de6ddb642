"""Keys and signatures of today: RSA from 2048 bits, the NIST curves, EdDSA; SHA-2 and SHA-3; no SHA-1.

Whatever is not on the list is refused, in paths, in status answers and in tokens alike.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeGuard

from asn1crypto import algos
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, AlgorithmUsagePolicy

LEAST_RSA_BITS = 2048
CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
HASHES = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
_SCHEMES = frozenset({"rsassa_pkcs1v15", "rsassa_pss", "ecdsa"})
_EDWARDS = frozenset({"ed25519", "ed448"})  # the hash is part of the scheme


KeyOfToday = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey


def key_of_today(key: PublicKeyTypes) -> TypeGuard[KeyOfToday]:
    """Whether this public key is strong enough to prove anything."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= LEAST_RSA_BITS
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name in CURVES
    return isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey)


def hash_of_today(name: str | None) -> bool:
    """Whether a signature over this hash (pyca's or asn1crypto's name) counts."""
    return name is not None and name.replace("-", "_") in HASHES


class OfToday(AlgorithmUsagePolicy):
    """The list, in the form in which the path validator asks for it."""

    def digest_algorithm_allowed(
        self,
        algo: algos.DigestAlgorithm,
        moment: datetime | None,  # noqa: ARG002 - the validator's signature
    ) -> AlgorithmUsageConstraint:
        """By name."""
        return AlgorithmUsageConstraint(hash_of_today(algo["algorithm"].native))

    def signature_algorithm_allowed(
        self,
        algo: algos.SignedDigestAlgorithm,
        moment: datetime | None,  # noqa: ARG002 - the validator's signature
        public_key: asn1_keys.PublicKeyInfo | None,
    ) -> AlgorithmUsageConstraint:
        """By scheme, hash, and the size of the signer's key."""
        try:
            scheme = algo.signature_algo
            hashed_well = scheme in _EDWARDS or (scheme in _SCHEMES and hash_of_today(algo.hash_algo))
        except ValueError:
            return AlgorithmUsageConstraint(allowed=False)
        return AlgorithmUsageConstraint(hashed_well and (public_key is None or _strong(public_key)))


def _strong(key: asn1_keys.PublicKeyInfo) -> bool:
    if key.algorithm in {"rsa", "rsassa_pss"}:
        return bool(key.bit_size >= LEAST_RSA_BITS)
    if key.algorithm == "ec":
        return key.curve[0] == "named" and key.curve[1] in CURVES
    return key.algorithm in _EDWARDS
