"""Is this capability to be acted on? The checks of M2 (docs/unlock-protocol.md), before any card is touched:

1. a JWT no longer than a capability can be; its header is exactly EdDSA, the capability's type and a key id
   (A17: `none` and every other algorithm end here);
2. the origin in it is a pinned portal's, and the key id one of that portal's pinned keys;
3. the signature;
4. the claims, strictly: audience, at most 600 s of life, neither over nor from the future;
5. the nonce, written down for good before anything else happens.
"""

from __future__ import annotations

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kilitcoz_agent.errors import CapabilityRefused
from kilitcoz_agent.nonces import NonceStore
from kilitcoz_agent.trust import TrustStore
from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.messages import Capability, b64u_decode

MAXIMUM_LENGTH = 4096
CLOCK_SKEW_SECONDS = 60
TYPE = "kilitcoz-capability+jwt"


class CapabilityGate:
    """Verifies capabilities against what was pinned and what was seen."""

    def __init__(self, trust: TrustStore, nonces: NonceStore) -> None:
        self._trust = trust
        self._nonces = nonces

    def verify(self, text: str, *, now: float) -> Capability:
        """The capability, its checks 1–4 passed; `now` in seconds since 1970. Raises CapabilityRefused."""
        kid, unverified_capability = _unverified(text)
        raw_key = self._pinned_key(unverified_capability.iss, kid)
        capability = _verified(text, raw_key)
        _check_times(capability, now)
        return capability

    def use(self, capability: Capability, *, now: float) -> None:
        """Check 5: from now on this capability opens nothing again. Raises CapabilityRefused."""
        self._nonces.use(capability.iss, capability.nonce, expires=capability.exp, now=now)

    def _pinned_key(self, origin: str, kid: str) -> bytes:
        """The raw key pinned for this origin under this id; both are believed only after the signature."""
        portal = self._trust.portal(origin)
        key = portal.key(kid) if portal is not None else None
        if key is None:
            raise CapabilityRefused("portal-not-trusted")
        return key


def _unverified(text: str) -> tuple[str, Capability]:
    """Key id and claims as they stand there, their form checked: only to find the key. Raises
    CapabilityRefused.
    """
    if len(text) > MAXIMUM_LENGTH or not text.isascii():
        raise CapabilityRefused("capability-invalid")
    try:
        header = jwt.get_unverified_header(text)
        capability = Capability.from_json(b64u_decode(text.split(".")[1]))
    except (jwt.PyJWTError, MessageMalformed, ValueError):
        raise CapabilityRefused("capability-invalid") from None
    expected = {"alg": "EdDSA", "typ": TYPE, "kid": header.get("kid")}
    if header != expected or not isinstance(header["kid"], str):
        raise CapabilityRefused("capability-invalid")
    return header["kid"], capability


def _verified(text: str, raw_key: bytes) -> Capability:
    """The claims, read again from the bytes whose signature held. Audience and life are of their form."""
    try:
        signed = jwt.api_jws.decode_complete(
            text, Ed25519PublicKey.from_public_bytes(raw_key), algorithms=["EdDSA"]
        )
        return Capability.from_json(signed["payload"])
    except (jwt.PyJWTError, MessageMalformed, ValueError):
        raise CapabilityRefused("capability-invalid") from None


def _check_times(capability: Capability, now: float) -> None:
    """Capability itself holds that its life is at most 600 s."""
    if capability.iat > now + CLOCK_SKEW_SECONDS:
        raise CapabilityRefused("capability-invalid")
    if now > capability.exp + CLOCK_SKEW_SECONDS:
        raise CapabilityRefused("capability-expired")
