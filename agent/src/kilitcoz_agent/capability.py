"""Is this capability to be acted on? The checks of M2 (docs/unlock-protocol.md), before any card is touched:

1. a JWT no longer than a capability can be; its header is exactly EdDSA, the capability's type and a key id
   (A17: `none` and every other algorithm end here);
2. the origin in it is a pinned portal's, and the key id one of that portal's pinned keys;
3. the signature;
4. the claims, strictly: audience, at most 600 s of life, neither over nor from the future;
5. the nonce, written down for good before anything else happens.

No JWT library is asked: one algorithm, one header and one set of claims are taken here, each read strictly.
"""

from __future__ import annotations

import json

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
        _check_signature(text, self._pinned_key(unverified_capability.iss, kid))
        capability = unverified_capability
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
    if len(text) > MAXIMUM_LENGTH or not text.isascii() or text.count(".") != 2:
        raise CapabilityRefused("capability-invalid")
    head, payload, _ = text.split(".")
    try:
        header = json.loads(b64u_decode(head))
        capability = Capability.from_json(b64u_decode(payload))
    except (MessageMalformed, ValueError, RecursionError):
        raise CapabilityRefused("capability-invalid") from None
    kid = header.get("kid") if isinstance(header, dict) else None
    if not isinstance(kid, str) or header != {"alg": "EdDSA", "typ": TYPE, "kid": kid}:
        raise CapabilityRefused("capability-invalid")
    return kid, capability


def _check_signature(text: str, raw_key: bytes) -> None:
    """Ed25519 (RFC 8037, 3.1) over the header and payload as they were sent (RFC 7515, 5.2)."""
    from cryptography.exceptions import InvalidSignature  # late: an idle service needs no cryptography
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    signed, _, signature = text.rpartition(".")
    try:
        Ed25519PublicKey.from_public_bytes(raw_key).verify(b64u_decode(signature), signed.encode("ascii"))
    except (InvalidSignature, ValueError):
        raise CapabilityRefused("capability-invalid") from None


def _check_times(capability: Capability, now: float) -> None:
    """Capability itself holds that its life is at most 600 s."""
    if capability.iat > now + CLOCK_SKEW_SECONDS:
        raise CapabilityRefused("capability-invalid")
    if now > capability.exp + CLOCK_SKEW_SECONDS:
        raise CapabilityRefused("capability-expired")
