"""The signature of an ID token (RFC 7515): by a published key of the issuer, in an algorithm of our list.

Neither `none` nor a shared secret is in the list, so that no public key can be taken for one (RFC 8725, 3.1).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

from kilitcoz_portal.signin.oidc.errors import OidcRefused

# Algorithm: the key type and the curve that go with it (RFC 7518, 3.1; RFC 8037, 3.1).
ALGORITHMS: dict[str, tuple[str, str | None]] = {
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
    "RS512": ("RSA", None),
    "PS256": ("RSA", None),
    "PS384": ("RSA", None),
    "PS512": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", "Ed25519"),
}
Keys = Callable[[bool], list[dict[str, Any]]]


@dataclass(frozen=True)
class Signed:
    """What a verified signature covers: the algorithm, and the claims, not yet judged."""

    algorithm: str
    claims: dict[str, Any]


def verify(token: str, keys: Keys) -> Signed:
    """The claims that the issuer signed. `keys(anew)` gives its keys, as kept or asked for anew.

    The keys are asked for anew once where none of those kept fits: the issuer may have changed them. Raises
    OidcRefused.
    """
    algorithm, kid = _header(token)
    for anew in (False, True):
        for key in _fitting(keys(anew), algorithm, kid):
            claims = _claims(token, key, algorithm)
            if claims is not None:
                return Signed(algorithm, claims)
    raise OidcRefused(why="signature")


def _header(token: str) -> tuple[str, str | None]:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise OidcRefused(why="malformed") from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise OidcRefused(why="algorithm")
    return algorithm, kid


def _fitting(keys: list[dict[str, Any]], algorithm: str, kid: str | None) -> list[dict[str, Any]]:
    """The key that the token names; where it names none, the only one of its type (Core 1.0, 10.1)."""
    key_type, curve = ALGORITHMS[algorithm]
    fitting = [
        key
        for key in keys
        if (key.get("kty"), key.get("crv")) == (key_type, curve)
        and key.get("alg", algorithm) == algorithm
        and (kid is None or key.get("kid") == kid)
    ]
    return fitting if len(fitting) == 1 else []


def _claims(token: str, key: dict[str, Any], algorithm: str) -> dict[str, Any] | None:
    """The token's claims, or None where this key did not sign them."""
    try:
        public = jwt.PyJWK(key, algorithm)
        payload = jwt.PyJWS(options={"verify_signature": True, "enforce_minimum_key_length": True}).decode(
            token, public, algorithms=[algorithm]
        )
        claims = json.loads(payload)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None
