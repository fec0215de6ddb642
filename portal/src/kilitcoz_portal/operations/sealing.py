"""HPKE (RFC 9180) for what is said of a card between card service and portal: claims, decisions, tokens."""

from __future__ import annotations

from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kilitcoz_cards.messages import Label, Message, hpke_info
from kilitcoz_portal.operations.errors import CapabilityRefused
from kilitcoz_portal.operations.keys import keys

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

M = TypeVar("M", bound=Message)


def open_message(kind: type[M], label: Label, sealed: bytes, operation_id: str, nonce: str) -> M:
    """A message to the portal. Raises CapabilityRefused where it was not sealed for this operation,
    MessageMalformed for its schema.
    """
    try:
        plain = SUITE.decrypt(sealed, keys().hpke, hpke_info(label, operation_id, nonce))
    except (InvalidTag, ValueError):
        raise CapabilityRefused from None
    return kind.from_json(plain)


def seal(message: Message, label: Label, agent_key: bytes, operation_id: str, nonce: str) -> bytes:
    """A message of the portal, for the one card service that has the key."""
    info = hpke_info(label, operation_id, nonce)
    return SUITE.encrypt(message.to_json(), X25519PublicKey.from_public_bytes(agent_key), info)


def seal_decision(decision: Message, agent_key: bytes, operation_id: str, nonce: str) -> bytes:
    """M4 or L4, for the one card service that has the key."""
    return seal(decision, Label.DECISION, agent_key, operation_id, nonce)
