"""Private keys in a token: made there, used there, never outside of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute, KeyType, Mechanism
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from kilitcoz_portal.hsm import tokens
from kilitcoz_portal.hsm.addresses import KeyAddress
from kilitcoz_portal.hsm.errors import KeyThere
from kilitcoz_portal.hsm.tokens import Opened

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
# DigestInfo before the digest itself (RFC 8017, 9.2, note 1): what is large is hashed here, not in the token.
_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
}


class KeyKind(StrEnum):
    """What a key may be."""

    P256 = "p256"
    P384 = "p384"
    RSA3072 = "rsa3072"


_CURVES = {KeyKind.P256: "secp256r1", KeyKind.P384: "secp384r1"}
_RSA_BITS = 3072
_NEVER_OUTSIDE = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.SIGN: True}


@dataclass(frozen=True)
class TokenKey:
    """A private key that stays in its token."""

    address: KeyAddress
    _public: PublicKey = field(repr=False)

    def public_key(self) -> PublicKey:
        """What its signatures are checked with."""
        return self._public

    def sign_message(self, message: bytes, algorithm: SHA256 | SHA384) -> bytes:
        """ECDSA's two numbers in DER (RFC 3279, 2.2.3), or PKCS #1 v1.5. Raises HsmError."""
        digest = hashlib.new(algorithm.name, message).digest()
        if isinstance(self._public, rsa.RSAPublicKey):
            return self._signed(_DIGEST_INFO[algorithm.name] + digest, Mechanism.RSA_PKCS)
        return bytes(encode_ecdsa_signature(self._signed(digest, Mechanism.ECDSA)))

    def _signed(self, block: bytes, mechanism: Mechanism) -> bytes:
        def deed(opened: Opened) -> bytes:
            return bytes(opened.private(self.address.label).sign(block, mechanism=mechanism))

        return tokens.token(self.address.token).use(deed)


def open_key(address: KeyAddress) -> TokenKey:
    """The key at this address. Raises HsmError."""

    def deed(opened: Opened) -> PublicKey:
        opened.private(address.label)
        return _public(opened, address.label)

    return TokenKey(address, tokens.token(address.token).use(deed))


def generate(address: KeyAddress, kind: KeyKind) -> TokenKey:
    """A new pair in the token. Raises HsmError; KeyThere where the token has a key of this label."""

    def deed(opened: Opened) -> None:
        if any(True for _ in opened.session.get_objects({Attribute.LABEL: address.label})):
            raise KeyThere(address.label)
        number = hashlib.sha256(address.label.encode()).digest()[:8]
        stored: dict[str, Any] = {"label": address.label, "id": number, "store": True}
        stored["private_template"] = _NEVER_OUTSIDE
        if kind is KeyKind.RSA3072:
            opened.session.generate_keypair(KeyType.RSA, _RSA_BITS, **stored)
        else:
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVES[kind])}
            opened.session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(**stored)

    tokens.token(address.token).use(deed)
    return open_key(address)


def destroy(address: KeyAddress) -> None:
    """Both halves, for good: those of a ceremony that failed. Raises HsmError."""
    tokens.token(address.token).use(lambda opened: opened.destroy(address.label))


def _public(opened: Opened, label: str) -> PublicKey:
    found = opened.public(label)
    encode = encode_rsa_public_key if found.key_type is KeyType.RSA else encode_ec_public_key
    key = load_der_public_key(encode(found))
    assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    return key
