"""HPKE (RFC 9180), base mode: what the card service seals to the portal, and its one-time key for what comes
back.

Suite and `info` are those of docs/unlock-protocol.md, "Encodings". The private key lives as long as one
operation.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kilitcoz_agent.errors import PortalAnswerInvalid

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal(plaintext: bytes, recipient: bytes, info: bytes) -> bytes:
    """`enc ‖ ct` for the holder of the X25519 key `recipient` (32 raw bytes). Raises PortalAnswerInvalid."""
    try:
        return SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(recipient), info)
    except ValueError:
        raise PortalAnswerInvalid from None


class OneTimeKey:
    """An X25519 key made for one operation."""

    def __init__(self) -> None:
        self._private = X25519PrivateKey.generate()

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed to this key under this `info`. Raises PortalAnswerInvalid."""
        try:
            return SUITE.decrypt(sealed, self._private, info)
        except (InvalidTag, ValueError):
            raise PortalAnswerInvalid from None
