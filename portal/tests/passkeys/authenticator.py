"""An authenticator in software (WebAuthn, 6) with a browser around it: honest unless a test makes it lie.

It speaks the JSON that the page's script sends; only the library's CBOR helper is borrowed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

ORIGIN = "https://kilit.example"
PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def cose_key(key: PrivateKey) -> bytes:
    """COSE_Key of its public half (RFC 9052, 7; RFC 8230, 4; RFC 9053, 7)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return encode_cbor({1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()})
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return encode_cbor({1: 3, 3: -257, -1: _number(numbers.n), -2: _number(numbers.e)})
    point = key.public_key().public_numbers()
    algorithm, curve, size = {256: (-7, 1, 32), 384: (-35, 2, 48)}[key.curve.key_size]
    x, y = (value.to_bytes(size, "big") for value in (point.x, point.y))
    return encode_cbor({1: 2, 3: algorithm, -1: curve, -2: x, -3: y})


def sign(key: PrivateKey, message: bytes) -> bytes:
    """As its algorithm signs (WebAuthn, 6.5.5)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


@dataclass
class Authenticator:
    """One passkey's place. Fields after the first are what it says; `replace` one to make it lie."""

    key: PrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes | None = None
    count: int = 0
    step: int = 1
    origin: str = ORIGIN
    rp_id: str = "kilit.example"
    flags: int = PRESENT | VERIFIED
    challenge: bytes | None = None  # None: the one it was asked
    client_data: dict[str, Any] = field(default_factory=dict)  # further members
    statement: dict[str, Any] = field(default_factory=lambda: {"fmt": "none", "attStmt": {}})

    def but(self, **lies: Any) -> Authenticator:
        """The same passkey, saying something else."""
        return replace(self, **lies)

    def create(self, options: str) -> str:
        """The answer to `navigator.credentials.create`."""
        asked = json.loads(options)
        self.user_handle = base64url_to_bytes(asked["user"]["id"])
        attested = (
            bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose_key(self.key)
        )
        data = self._authenticator_data(ATTESTED) + attested
        client_data = self._client_data("webauthn.create", asked)
        attestation = encode_cbor({**self.statement, "authData": data})
        return self._answer({"clientDataJSON": client_data, "attestationObject": attestation}, ["internal"])

    def get(self, options: str) -> str:
        """The answer to `navigator.credentials.get`."""
        asked = json.loads(options)
        self.count += self.step
        data = self._authenticator_data()
        client_data = self._client_data("webauthn.get", asked)
        signature = sign(self.key, data + hashlib.sha256(client_data).digest())
        parts = {"clientDataJSON": client_data, "authenticatorData": data, "signature": signature}
        return self._answer(parts | ({"userHandle": self.user_handle} if self.user_handle else {}))

    def _authenticator_data(self, more: int = 0) -> bytes:
        head = hashlib.sha256(self.rp_id.encode()).digest()
        return head + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, asked: dict[str, Any]) -> bytes:
        challenge = self.challenge or base64url_to_bytes(asked["challenge"])
        said = {"type": kind, "challenge": bytes_to_base64url(challenge), "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False} | self.client_data).encode()

    def _answer(self, parts: dict[str, bytes], transports: list[str] | None = None) -> str:
        name = bytes_to_base64url(self.credential_id)
        response: dict[str, Any] = {key: bytes_to_base64url(value) for key, value in parts.items()}
        if transports is not None:
            response["transports"] = transports
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
