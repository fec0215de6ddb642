"""Capabilities that are not what they seem. The portal's signing key is read where a true one is needed."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from e2e.installation import Installation
from kilitcoz_cards.messages import b64u_encode

EXPIRED = "Bu işlem bağlantısının süresi doldu."
INVALID = "Bu işlem bağlantısı geçerli değil."
UNKNOWN = "Bu bağlantı, kart servisinizin tanımadığı bir siteden geliyor. Kartınıza dokunulmadı."
REPLAYED = "Bu işlem bağlantısı daha önce kullanılmış."


@dataclass
class Forger:
    """Has a true capability and, for the lies that need it, the portal's key."""

    place: Installation
    true: str

    def __post_init__(self) -> None:
        head, claims, _ = self.true.split(".")
        self.head: dict[str, Any] = json.loads(urlsafe_b64decode(head + "=="))
        self.claims: dict[str, Any] = json.loads(urlsafe_b64decode(claims + "=="))
        folder = self.place.portal.folder
        self.portals_key = Ed25519PrivateKey.from_private_bytes((folder / "signing.key").read_bytes())
        self.own_key = Ed25519PrivateKey.generate()

    def signed(self, key: Ed25519PrivateKey, head: dict[str, Any], claims: dict[str, Any]) -> str:
        """The true capability with these changes, signed by `key`."""
        text = _encoded(self.head | head, self.claims | claims)
        return f"{text}.{b64u_encode(key.sign(text.encode()))}"

    def by_portal(self, **claims: Any) -> str:
        """Truly signed."""
        return self.signed(self.portals_key, {}, claims)

    def with_head(self, **head: Any) -> str:
        """Truly signed, under another header."""
        return self.signed(self.portals_key, head, {})

    def by_thief(self, **claims: Any) -> str:
        """Signed by the thief's key, under the portal's key id."""
        return self.signed(self.own_key, {}, claims)

    def under_own_name(self) -> str:
        """Signed by the thief's key, under its own key id."""
        kid = hashlib.sha256(_public(self.own_key)).hexdigest()[:16]
        return self.signed(self.own_key, {"kid": kid}, {})

    def unsigned(self) -> str:
        """alg none (RFC 7515, appendix A.5)."""
        return f"{_encoded(self.head | {'alg': 'none'}, self.claims)}."

    def by_confusion(self) -> str:
        """HS256 with the public key as its secret."""
        text = _encoded(self.head | {"alg": "HS256"}, self.claims)
        return f"{text}.{b64u_encode(hmac.digest(_public(self.portals_key), text.encode(), 'sha256'))}"

    def altered(self, **claims: Any) -> str:
        """The true signature under other claims."""
        return f"{_encoded(self.head, self.claims | claims)}.{self.true.rpartition('.')[2]}"

    def truncated(self, characters: int) -> str:
        """The true one, cut."""
        return self.true[:-characters]


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _encoded(head: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(b64u_encode(json.dumps(part).encode()) for part in (head, claims))


def _between(begins: int, ends: int) -> Callable[[Forger], str]:
    """A life in seconds from now."""
    return lambda forger: forger.by_portal(iat=int(time.time()) + begins, exp=int(time.time()) + ends)


FORGERIES: dict[str, tuple[Callable[[Forger], str], str]] = {
    "expired": (_between(-900, -300), EXPIRED),
    "from the future": (_between(300, 600), INVALID),
    "living too long": (_between(-10, 3600), INVALID),
    "for another origin": (lambda forger: forger.by_portal(iss="https://evil.example"), UNKNOWN),
    "for the origin's host alone": (lambda forger: forger.by_portal(iss="http://localhost"), UNKNOWN),
    "for another audience": (lambda forger: forger.by_portal(aud="kilitcoz-portal"), INVALID),
    "alg none": (Forger.unsigned, INVALID),
    "alg confusion": (Forger.by_confusion, INVALID),
    "another typ": (lambda forger: forger.with_head(typ="JWT"), INVALID),
    "a header that brings its key": (lambda forger: forger.with_head(jwk={}), INVALID),
    "truncated signature": (lambda forger: forger.truncated(1), INVALID),
    "signature missing": (lambda forger: forger.true.rpartition(".")[0], INVALID),
    "signature of other claims": (lambda forger: forger.altered(kind="change_pin"), INVALID),
    "another card's": (lambda forger: forger.altered(card="ab" * 32), INVALID),
    "the thief's key": (Forger.by_thief, INVALID),
    "the thief's key under its own id": (Forger.under_own_name, UNKNOWN),
    "unknown kind": (lambda forger: forger.by_portal(kind="format"), INVALID),
    "a claim too many": (lambda forger: forger.by_portal(admin=True), INVALID),
    "a claim too few": (lambda forger: forger.by_portal(nonce=None), INVALID),
}
