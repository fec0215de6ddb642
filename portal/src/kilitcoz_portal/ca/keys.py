"""The private keys of the authority and its responder: PKCS#8 files with mode 0600 in the data folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from kilitcoz_portal import keyfiles

_CURVE = ec.SECP256R1()


def signing_key(name: str) -> ec.EllipticCurvePrivateKey:
    """The key of this name (`nes`, `nes-ocsp`), P-256; made on first use. Raises KeyFileUnsafe."""
    return key_at(place(name))


def exists(name: str) -> bool:
    """Whether there is a key of this name."""
    return place(name).exists()


def place(name: str) -> Path:
    """Its file."""
    return Path(settings.KILITCOZ_DATA_DIR / "ca" / f"{name}.key")


@lru_cache(maxsize=16)
def key_at(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key in this file, made on first use. Raises KeyFileUnsafe."""
    key = load_pem_private_key(keyfiles.load_or_create(path, _make), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _make() -> bytes:
    key = ec.generate_private_key(_CURVE)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
