"""What a card signs so that its holder is logged in: the value of Web eID's authentication token (format
specification 1.0), as pure functions.

The value is hash(origin) ‖ hash(challenge): hashes have one length, so that no origin with a challenge is
another origin with another challenge. The challenge is the operation's id and nonce, 44 characters and 256
random bits, as they stand. Nobody who asks for a login chooses a byte of what is signed.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.signatures import emsa_pkcs1_v1_5, emsa_pss

TOKEN_FORMAT = "web-eid:1.0"  # noqa: S105 -- the name of a format


class SignatureAlgorithm(StrEnum):
    """Signatures of a token, named as in RFC 7518, 3.1: those that a PIV card's keys make."""

    ES256 = "ES256"  # ECDSA on P-256, r ‖ s (RFC 7518, 3.4)
    ES384 = "ES384"
    PS256 = "PS256"  # RSASSA-PSS with SHA-256 and MGF1, 32 bytes of salt (3.5)
    RS256 = "RS256"  # RSASSA-PKCS1-v1_5 (3.3)

    @property
    def hash_name(self) -> str:
        """hashlib's name of the hash, inside the value and over it."""
        return "sha384" if self is SignatureAlgorithm.ES384 else "sha256"


SALT_LENGTH = 32  # bytes of salt in PS256: as long as the hash (RFC 7518, 3.5)

ALGORITHMS_OF: Mapping[KeyAlgorithm, tuple[SignatureAlgorithm, ...]] = MappingProxyType(
    {
        KeyAlgorithm.ECC_P256: (SignatureAlgorithm.ES256,),
        KeyAlgorithm.ECC_P384: (SignatureAlgorithm.ES384,),
        KeyAlgorithm.RSA_2048: (SignatureAlgorithm.PS256, SignatureAlgorithm.RS256),
        KeyAlgorithm.RSA_3072: (SignatureAlgorithm.PS256, SignatureAlgorithm.RS256),
    }
)
"""Key → what it signs with, best first. The host pads for RSA, but some cards look at the padding."""


def login_challenge(operation_id: str, nonce: str) -> str:
    """The challenge of one login: 22 and 22 characters of base64url."""
    return operation_id + nonce


def signed_value(origin: str, challenge: str, algorithm: SignatureAlgorithm) -> bytes:
    """hash(origin) ‖ hash(challenge); the signature algorithm hashes it once more."""
    return b"".join(_hash(text.encode("utf-8"), algorithm) for text in (origin, challenge))


def signature_block(key: KeyAlgorithm, algorithm: SignatureAlgorithm, value: bytes, salt: bytes) -> bytes:
    """What a key's private operation is given so that it signs `value`: a digest, or EM of RFC 8017.

    `salt`: SALT_LENGTH random bytes, used by PS256 alone.
    """
    digest = _hash(value, algorithm)
    if algorithm is SignatureAlgorithm.PS256:
        return emsa_pss(digest, key.block_length, salt)
    return emsa_pkcs1_v1_5(digest, key.block_length) if key.is_rsa else digest


def _hash(data: bytes, algorithm: SignatureAlgorithm) -> bytes:
    return hashlib.new(algorithm.hash_name, data).digest()
