"""Addresses of keys in tokens (RFC 7512), as they stand in key files:
`pkcs11:token=NAME;object=LABEL;type=private`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

SCHEME = "pkcs11:"


@dataclass(frozen=True)
class KeyAddress:
    """A private key by its token's label and its own."""

    token: str
    label: str

    def __str__(self) -> str:
        return f"{SCHEME}token={quote(self.token, safe='')};object={quote(self.label, safe='')};type=private"

    @classmethod
    def parse(cls, written: str) -> KeyAddress:
        """Raises ValueError where the token or the key is not named."""
        scheme, _, rest = written.strip().partition(":")
        parts = {name: value for name, _, value in (part.partition("=") for part in rest.split(";"))}
        if f"{scheme}:" != SCHEME or not parts.get("token") or not parts.get("object"):
            raise ValueError("not the address of a key in a token")
        return cls(unquote(parts["token"]), unquote(parts["object"]))
