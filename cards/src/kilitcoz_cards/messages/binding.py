"""What ties a message, a proof and a card to one operation (docs/unlock-protocol.md, "Encodings", M2, M3)."""

import hashlib
from enum import StrEnum

_PREFIX = b"kilitcoz/1 "


class Label(StrEnum):
    """Which sealed message an HPKE `info` is for."""

    CLAIM = "claim"
    DECISION = "decision"
    RELEASE = "release"
    LOGIN = "login"
    SIGN = "sign"
    DESK = "desk"
    ORDER = "order"
    MANAGEMENT = "management"


def hpke_info(label: Label | str, operation_id: str, nonce: str, fence: int | None = None) -> bytes:
    """The HPKE `info` of a sealed message: prefix, label, operation, nonce and, in a release, the fence.

    Raises ValueError for an unknown label, a fence missing from a release or standing elsewhere, a NUL,
    non-ASCII.
    """
    label = Label(label)
    if (label is Label.RELEASE) is (fence is None):
        raise ValueError("the fence stands in a release, and only there")
    parts = [label.value, operation_id, nonce] + ([] if fence is None else [str(fence)])
    return _PREFIX + _joined(parts)


def proof_challenge(operation_id: str, nonce: str) -> bytes:
    """What the card's key 9E signs for M3."""
    return _PREFIX + _joined(["card-proof", operation_id, nonce])


def new_key_message(operation_id: str, nonce: str, slot: str) -> bytes:
    """What a key made in a renewal signs to prove itself, slot in two hex digits."""
    return _PREFIX + _joined(["new-key", operation_id, nonce, slot])


def card_hash(family: str, card_id: str) -> str:
    """SHA-256 of `family:card_id`, lower-case hex: the capability's `card`."""
    return hashlib.sha256(f"{family}:{card_id}".encode("ascii")).hexdigest()


def _joined(parts: list[str]) -> bytes:
    if any("\x00" in part for part in parts):
        raise ValueError("a part with a NUL would be ambiguous")
    return b"\x00".join(part.encode("ascii") for part in parts)
