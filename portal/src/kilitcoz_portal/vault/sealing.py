"""M6: the released candidates, sealed by HPKE (RFC 9180) to the card service's one-time key.

The message is `kilitcoz_cards.messages.Release.to_json()`, written here into one buffer that is wiped,
because a Release and its JSON would leave the PUKs in the process's memory (A35). A test holds the two to
each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.messages import Label, hpke_info
from kilitcoz_portal.vault.crypto import wipe
from kilitcoz_portal.vault.store import Opened

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_BASE64URL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_ROOM = 1024  # bytes; fence, two candidates and new, 64 bytes each at most, need fewer


def seal(opened: Opened, nonce: str) -> bytes:
    """`enc ‖ ct` of the release as it is armed, bound to operation, nonce and fence."""
    row = opened.row
    info = hpke_info(Label.RELEASE, row.operation_id, nonce, row.fence)
    key = X25519PublicKey.from_public_bytes(bytes(row.recipient))
    message = _Buffer()
    try:
        _write(message, opened)
        return SUITE.encrypt(memoryview(message.room)[: message.length], key, info)
    finally:
        wipe(message.room)


def seal_management_key(
    key: bytearray, algorithm: ManagementAlgorithm, recipient: bytes, operation_id: str, nonce: str
) -> bytes:
    """`enc ‖ ct` of SealedManagementKey, bound to operation and nonce."""
    info = hpke_info(Label.MANAGEMENT, operation_id, nonce)
    message = _Buffer()
    try:
        message.write(f'{{"algorithm":"{algorithm.value}","key":'.encode())
        message.write_base64url(key)
        message.write(b"}")
        public = X25519PublicKey.from_public_bytes(recipient)
        return SUITE.encrypt(memoryview(message.room)[: message.length], public, info)
    finally:
        wipe(message.room)


class _Buffer:
    """Bytes written one after another into one place: nothing grows, nothing is copied."""

    def __init__(self) -> None:
        self.room = bytearray(_ROOM)
        self.length = 0

    def write(self, values: Iterable[int]) -> None:
        """Append byte by byte; IndexError when the room is full."""
        for value in values:
            self.room[self.length] = value
            self.length += 1

    def write_base64url(self, secret: bytearray) -> None:
        """As a JSON string, without padding (RFC 4648, 5)."""
        self.write(b'"')
        for start in range(0, len(secret), 3):
            chunk = memoryview(secret)[start : start + 3]
            bits = sum(byte << (16 - 8 * index) for index, byte in enumerate(chunk))
            self.write(_BASE64URL[bits >> shift & 63] for shift in (18, 12, 6, 0)[: len(chunk) + 1])
        self.write(b'"')


def _write(message: _Buffer, opened: Opened) -> None:
    """The members in the order of Release.TABLE."""
    s = opened.snapshot
    message.write(f'{{"fence":{opened.row.fence},"candidates":['.encode())
    for index, candidate in enumerate(s.released):
        message.write(b"," if index else b"")
        message.write_base64url(opened.values[candidate])
    message.write(b'],"new":')
    message.write_base64url(opened.values[s.new_is])
    message.write(b',"rotate":true}' if s.rotates else b',"rotate":false}')
