"""Whether the ID token speaks of this login: OpenID Connect Core 1.0, 3.1.3.7, one function for each step.

Clocks may differ by a minute. A token is never older than ten: it comes straight from the token endpoint.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kilitcoz_portal.signin.oidc.errors import OidcRefused
from kilitcoz_portal.signin.oidc.provider import Provider
from kilitcoz_portal.signin.oidc.signature import Keys, Signed
from kilitcoz_portal.signin.oidc.signature import verify as verify_signature

SKEW_SECONDS = 60
OLDEST_SECONDS = 10 * 60


@dataclass(frozen=True)
class Expected:
    """What this login began with, and what came beside the token."""

    provider: Provider
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)
    begun_at: datetime
    now: datetime


def verify(token: str, keys: Keys, expected: Expected) -> dict[str, Any]:
    """The claims of a token that is right in every respect. Raises OidcRefused with the step that was not."""
    signed = verify_signature(token, keys)
    for why, step in _STEPS:
        if not step(signed, expected):
            raise OidcRefused(why=why)
    return signed.claims


def _issuer(signed: Signed, expected: Expected) -> bool:
    """Step 2."""
    return bool(signed.claims.get("iss") == expected.provider.issuer)


def _subject(signed: Signed, _expected: Expected) -> bool:
    """Section 2: a string of 255 ASCII characters at most."""
    subject = signed.claims.get("sub")
    return isinstance(subject, str) and subject.isascii() and 0 < len(subject) <= 255


def _audience(signed: Signed, expected: Expected) -> bool:
    """Step 3: us, and nobody else: there is no other audience that we trust."""
    return signed.claims.get("aud") in (expected.provider.client_id, [expected.provider.client_id])


def _authorized_party(signed: Signed, expected: Expected) -> bool:
    """Steps 4 and 5."""
    return bool(signed.claims.get("azp", expected.provider.client_id) == expected.provider.client_id)


def _not_expired(signed: Signed, expected: Expected) -> bool:
    """Step 9."""
    expiry = _seconds(signed.claims.get("exp"))
    return expiry is not None and expected.now.timestamp() < expiry + SKEW_SECONDS


def _just_issued(signed: Signed, expected: Expected) -> bool:
    """Step 10; `nbf`, where it stands, by RFC 7519, 4.1.5."""
    moment = expected.now.timestamp()
    issued = _seconds(signed.claims.get("iat"))
    not_before = _seconds(signed.claims.get("nbf", issued))
    if issued is None or not_before is None:
        return False
    return moment - OLDEST_SECONDS - SKEW_SECONDS <= issued <= moment + SKEW_SECONDS >= not_before


def _nonce(signed: Signed, expected: Expected) -> bool:
    """Step 11."""
    nonce = signed.claims.get("nonce")
    return isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), expected.nonce.encode())


def _class_reference(signed: Signed, expected: Expected) -> bool:
    """Step 12: one of the accepted authentication classes, where the installation names any."""
    return not expected.provider.acr or signed.claims.get("acr") in expected.provider.acr


def _method_references(signed: Signed, expected: Expected) -> bool:
    """Section 2: every authentication method that the installation names (RFC 8176) was used."""
    used = signed.claims.get("amr", [])
    return isinstance(used, list) and all(method in used for method in expected.provider.amr)


def _authenticated_now(signed: Signed, expected: Expected) -> bool:
    """Step 13: we ask for a fresh authentication; a provider that tells its time must have done one."""
    if "auth_time" not in signed.claims:
        return True
    at = _seconds(signed.claims["auth_time"])
    return at is not None and at >= expected.begun_at.timestamp() - SKEW_SECONDS


def _access_token_hash(signed: Signed, expected: Expected) -> bool:
    """3.1.3.8: where it stands, it is the left half of the access token's hash."""
    if "at_hash" not in signed.claims:
        return True
    digest = hashlib.new(_hash_of(signed.algorithm), expected.access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    return bool(signed.claims["at_hash"] == half)


def _hash_of(algorithm: str) -> str:
    """RS256 hashes with SHA-256; EdDSA with Ed25519 with SHA-512 (RFC 8032, 5.1)."""
    return "sha512" if algorithm == "EdDSA" else f"sha{algorithm[-3:]}"


def _seconds(value: object) -> float | None:
    """A NumericDate (RFC 7519, 2) of this era, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**40:
        return None
    return float(value)


_STEPS: tuple[tuple[str, Callable[[Signed, Expected], bool]], ...] = (
    ("issuer", _issuer),
    ("subject", _subject),
    ("audience", _audience),
    ("authorized-party", _authorized_party),
    ("expired", _not_expired),
    ("issued-at", _just_issued),
    ("nonce", _nonce),
    ("acr", _class_reference),
    ("amr", _method_references),
    ("auth-time", _authenticated_now),
    ("at-hash", _access_token_hash),
)
