"""The portal's own keys: what signs capabilities (Ed25519), opens claims (X25519), and derives bearer
secrets.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from kilitcoz_portal import keyfiles


@dataclass(frozen=True)
class Keys:
    """`kid`: the first 16 hex digits of the SHA-256 of the raw signing key, as the capability's header has
    it.
    """

    signing: Ed25519PrivateKey = field(repr=False)
    hpke: X25519PrivateKey = field(repr=False)
    bearer: bytes = field(repr=False)

    @property
    def signing_public(self) -> bytes:
        """The raw public key, as published."""
        return self.signing.public_key().public_bytes_raw()

    @property
    def hpke_public(self) -> bytes:
        """The raw public key, as capabilities carry it."""
        return self.hpke.public_key().public_bytes_raw()

    @property
    def fingerprint(self) -> str:
        """What `kilitcoz-agent trust` shows: SHA-256 of the raw signing key, in groups of four."""
        digest = hashlib.sha256(self.signing_public).hexdigest()
        return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))

    @property
    def kid(self) -> str:
        """Names the signing key."""
        return hashlib.sha256(self.signing_public).hexdigest()[:16]


def keys() -> Keys:
    """The keys of this installation, made on first use."""
    return _keys(settings.KILITCOZ_DATA_DIR)


@lru_cache(maxsize=4)
def _keys(folder: Path) -> Keys:
    return Keys(
        Ed25519PrivateKey.from_private_bytes(keyfiles.load_or_create(folder / "signing.key")),
        X25519PrivateKey.from_private_bytes(keyfiles.load_or_create(folder / "hpke.key")),
        keyfiles.load_or_create(folder / "bearer.key"),
    )
