"""The private keys of the authority and its responder: in the data folder, or in a token.

A key file (mode 0600) holds the key itself, PKCS #8 in PEM, or the address at which it lies (RFC 7512).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from kilitcoz_portal import keyfiles
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.ca.signing import HeldKey, SignerKey
from kilitcoz_portal.hsm import keys as hsm
from kilitcoz_portal.hsm.addresses import SCHEME, KeyAddress
from kilitcoz_portal.hsm.errors import HsmError
from kilitcoz_portal.hsm.keys import KeyKind


def signing_key(name: str) -> SignerKey:
    """The key of this name (`nes`, `nes-ocsp`), P-256 if it is made on first use. Raises KeyFileUnsafe,
    CaUnavailable.
    """
    return key_at(place(name))


def exists(name: str) -> bool:
    """Whether there is a key of this name."""
    return place(name).exists()


def place(name: str) -> Path:
    """Its file."""
    return Path(settings.KILITCOZ_DATA_DIR / "ca" / f"{name}.key")


@lru_cache(maxsize=16)
def key_at(path: Path) -> SignerKey:
    """The key in this file, made on first use. Raises KeyFileUnsafe, CaUnavailable."""
    return read(keyfiles.load_or_create(path, lambda: pem(make(KeyKind.P256))))


def read(written: bytes) -> SignerKey:
    """The key of a key file. Raises CaUnavailable, where a token has it and is away; ValueError, TypeError,
    UnsupportedAlgorithm for what is neither a key that signs for us nor an address of one.
    """
    if not written.startswith(SCHEME.encode()):
        key = load_pem_private_key(written, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise TypeError("EC or RSA")
        return key
    try:
        return hsm.open_key(KeyAddress.parse(written.decode()))
    except HsmError as fault:
        raise CaUnavailable(fault.code) from fault


def make(kind: KeyKind) -> HeldKey:
    """A new key in memory."""
    if kind is KeyKind.RSA3072:
        return rsa.generate_private_key(65537, 3072)
    return ec.generate_private_key(ec.SECP384R1() if kind is KeyKind.P384 else ec.SECP256R1())


def pem(key: HeldKey) -> bytes:
    """As key files hold it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
