"""Envelope encryption of unlock secrets (design §5): root key → per-card data key → one sealed box per card.

The root key never leaves RootKeys, so that a PKCS#11 token can take the key file's place. A card's data key
is 32 random bytes, kept wrapped. AES-256-GCM (NIST SP 800-38D) with 96-bit random nonces; what a box is
bound to is its AAD.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings

from kilitcoz_portal import keyfiles
from kilitcoz_portal.vault.errors import VaultIntegrityError

NONCE_LENGTH = 12
TAG_LENGTH = 16
Bound = Sequence[str | int | bool | None]


def canonical(*parts: Bound) -> bytes:
    """One unambiguous byte string for a list of plain values: what AADs and MACs are computed over."""
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=True).encode()


class RootKeys(Protocol):
    """Wraps and unwraps data keys by a key that does not leave it. `current` is the id under which it
    wraps.
    """

    @property
    def current(self) -> str:
        """Id of the key that wrap() uses."""

    def wrap(self, data_key: bytes, card_ref: str) -> bytes:
        """The data key, encrypted and bound to the card."""

    def unwrap(self, key_id: str, wrapped: bytes, card_ref: str) -> bytes:
        """The data key again; VaultIntegrityError where it is not this card's or was altered."""


class FileRootKeys:
    """The embedded default: 32 bytes in `root.key`, mode 0600; earlier keys stay readable as
    `root-<id>.key`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        key = keyfiles.load_or_create(folder / "root.key")
        self.current = _key_id(key)
        self._keys = {self.current: AESGCM(key)}

    def wrap(self, data_key: bytes, card_ref: str) -> bytes:
        """See RootKeys."""
        return encrypt(self._keys[self.current], data_key, _wrap_aad(self.current, card_ref))

    def unwrap(self, key_id: str, wrapped: bytes, card_ref: str) -> bytes:
        """See RootKeys."""
        return decrypt(
            self._key(key_id, card_ref), wrapped, _wrap_aad(key_id, card_ref), card_ref, "data key"
        )

    def _key(self, key_id: str, card_ref: str) -> AESGCM:
        if key_id not in self._keys:
            path = self._folder / f"root-{key_id}.key"
            if not key_id.isalnum() or not path.exists():
                raise VaultIntegrityError(card_ref, "root key unknown")
            self._keys[key_id] = AESGCM(keyfiles.load_or_create(path))
        return self._keys[key_id]


@lru_cache(maxsize=4)
def _root_keys(folder: Path) -> RootKeys:
    return FileRootKeys(folder)


def root_keys() -> RootKeys:
    """The root keys of this installation."""
    return _root_keys(settings.KILITCOZ_DATA_DIR)


def encrypt(key: AESGCM, plaintext: bytes | bytearray, aad: bytes) -> bytes:
    """nonce ‖ ciphertext ‖ tag."""
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + key.encrypt(nonce, plaintext, aad)


def decrypt(key: AESGCM, box: bytes, aad: bytes, card_ref: str, what: str) -> bytes:
    """The plaintext; VaultIntegrityError naming `what` where the box is not this one or its AAD is
    another.
    """
    try:
        return key.decrypt(box[:NONCE_LENGTH], box[NONCE_LENGTH:], aad)
    except (InvalidTag, ValueError):
        raise VaultIntegrityError(card_ref, what) from None


def decrypt_into_buffer(key: AESGCM, box: bytes, aad: bytes, card_ref: str, what: str) -> bytearray:
    """As decrypt, into a buffer that its user wipes."""
    plain = bytearray(max(0, len(box) - NONCE_LENGTH - TAG_LENGTH))
    try:
        key.decrypt_into(box[:NONCE_LENGTH], box[NONCE_LENGTH:], aad, plain)
    except (InvalidTag, ValueError):
        raise VaultIntegrityError(card_ref, what) from None
    return plain


def wipe(buffer: bytearray) -> None:
    """Overwrite with zeros: no copy of a secret stays in the process's memory (A35)."""
    buffer[:] = bytes(len(buffer))


def derive(data_key: bytes, purpose: str, length: int = 32) -> bytes:
    """`length` bytes for one purpose from a card's data key (HKDF-Expand, RFC 5869; the key is uniform
    already).
    """
    return HKDFExpand(algorithm=SHA256(), length=length, info=f"kilitcoz vault {purpose}".encode()).derive(
        data_key
    )


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.new(key, message, hashlib.sha256).digest()


def _wrap_aad(key_id: str, card_ref: str) -> bytes:
    return canonical(["kilitcoz vault data key", 1, key_id, card_ref])


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"kilitcoz root key id" + key).hexdigest()[:16]
