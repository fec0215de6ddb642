"""Signatures by a key that may be elsewhere, as in a token (PKCS #11).

pyca's builders sign with keys that pyca holds, and no others. So they sign with a stand-in of the same kind,
made for the process and worth nothing, and what they signed is then signed by the key itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kilitcoz_cards.tlv import encode
from kilitcoz_portal.ca.encoding import SEQUENCE
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.hsm.errors import HsmError
from kilitcoz_portal.hsm.keys import TokenKey

Hash = hashes.SHA256 | hashes.SHA384
SubjectKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
HeldKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
BIT_STRING = 0x03
_HASH_OF_CURVE: dict[str, type[Hash]] = {"secp384r1": hashes.SHA384}


SignerKey = HeldKey | TokenKey


@dataclass(frozen=True, eq=False)
class Issuer:
    """Who signs. `certificate` is None for a root, which signs itself under `name`."""

    name: x509.Name
    key: SignerKey = field(repr=False)
    certificate: x509.Certificate | None = None

    @cached_property
    def public_key(self) -> SubjectKey:
        """What its signatures are checked with."""
        return self.key.public_key()

    @cached_property
    def hash(self) -> Hash:
        """What goes with its key."""
        return _HASH_OF_CURVE.get(_curve(self.public_key), hashes.SHA256)()

    @cached_property
    def stand_in(self) -> HeldKey:
        """A private key of the same kind as its own."""
        return _stand_in(_curve(self.public_key))


def signature(message: bytes, issuer: Issuer) -> bytes:
    """By the issuer's key, with its hash: ECDSA's two numbers in DER, or PKCS #1 v1.5. Raises
    CaUnavailable, where a token holds the key and does not sign.
    """
    key = issuer.key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(issuer.hash))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), issuer.hash)
    try:
        return key.sign_message(message, issuer.hash)
    except HsmError as fault:
        raise CaUnavailable(fault.code) from fault


def signed(tbs: bytes, algorithm: bytes, issuer: Issuer, rest: bytes = b"") -> bytes:
    """The frame that certificates, lists and basic OCSP answers share: what is signed, by which algorithm
    (both DER), the signature, and what follows it.
    """
    bits = encode(BIT_STRING, b"\x00" + signature(tbs, issuer))
    return encode(SEQUENCE, b"".join((tbs, algorithm, bits, rest)))


@lru_cache
def _stand_in(curve: str) -> HeldKey:
    if curve:
        return ec.generate_private_key(ec.SECP384R1() if curve == "secp384r1" else ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048)


def _curve(key: SubjectKey) -> str:
    """Empty for RSA."""
    return key.curve.name if isinstance(key, ec.EllipticCurvePublicKey) else ""
