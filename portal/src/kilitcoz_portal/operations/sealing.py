"""HPKE (RFC 9180) for claim and decision: what is said of a card between card service and portal."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kilitcoz_cards.messages import Claim, Decision, Label, hpke_info
from kilitcoz_portal.operations.errors import CapabilityRefused
from kilitcoz_portal.operations.keys import keys

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def open_claim(sealed: bytes, operation_id: str, nonce: str) -> Claim:
    """M3. Raises CapabilityRefused where it was not sealed for this operation, MessageMalformed for its
    schema.
    """
    try:
        plain = SUITE.decrypt(sealed, keys().hpke, hpke_info(Label.CLAIM, operation_id, nonce))
    except (InvalidTag, ValueError):
        raise CapabilityRefused from None
    return Claim.from_json(plain)


def seal_decision(decision: Decision, agent_key: bytes, operation_id: str, nonce: str) -> bytes:
    """M4, for the one card service that has the key."""
    info = hpke_info(Label.DECISION, operation_id, nonce)
    return SUITE.encrypt(decision.to_json(), X25519PublicKey.from_public_bytes(agent_key), info)
