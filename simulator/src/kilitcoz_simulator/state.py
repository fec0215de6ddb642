"""What a PIV card remembers without power, as one immutable value.

A command makes a new CardState or leaves the old one; there is nothing in between, so that a card that is
torn out is either before or after it. Secrets are in the clear, as they are on a chip; no repr shows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from hmac import compare_digest
from types import MappingProxyType
from typing import Self, TypeVar

from kilitcoz_simulator.profile import Profile

T = TypeVar("T")

PIN_BLOCK = 8  # SP 800-73-4 part 2, 2.4.3: padded with FF to eight bytes
PIN_MINIMUM = 6


class PinPolicy(IntEnum):
    """When a key wants the PIN; the numbers are those of the vendor's metadata."""

    DEFAULT = 0
    NEVER = 1
    ONCE = 2
    ALWAYS = 3


class Origin(IntEnum):
    """Where a private key was made."""

    GENERATED = 1
    IMPORTED = 2


def pin_block(text: str) -> bytes:
    """A PIN or PUK as it goes over the wire; ValueError (without the value) when it is not 1 to 8 bytes."""
    value = text.encode()
    if not 1 <= len(value) <= PIN_BLOCK:
        raise ValueError("a PIN or PUK of this card has at most 8 bytes")
    return value.ljust(PIN_BLOCK, b"\xff")


@dataclass(frozen=True)
class ReferenceData:
    """A PIN or a PUK and its retry counter."""

    value: bytes = field(repr=False)
    retries_total: int
    retries_left: int

    @property
    def blocked(self) -> bool:
        """No tries are left."""
        return self.retries_left == 0

    def charged(self) -> Self:
        """One try fewer. A card does this before it compares."""
        return replace(self, retries_left=max(0, self.retries_left - 1))

    def restored(self) -> Self:
        """All tries again."""
        return replace(self, retries_left=self.retries_total)

    def renewed(self, value: bytes) -> Self:
        """Another value, all tries."""
        return replace(self, value=value, retries_left=self.retries_total)

    def matches(self, candidate: bytes) -> bool:
        """In constant time, as a chip would."""
        return compare_digest(self.value, candidate)


@dataclass(frozen=True)
class ManagementKey:
    """The card management key 9B. `algorithm`: 03 (3DES), 08, 0A or 0C (AES)."""

    algorithm: int
    value: bytes = field(repr=False)


@dataclass(frozen=True)
class StoredKey:
    """A private key in a slot: algorithm identifier of SP 800-78, PKCS#8 DER, its policies."""

    algorithm: int
    private_der: bytes = field(repr=False)
    pin_policy: PinPolicy
    origin: Origin
    touch_policy: int = 1  # never: there is nothing to touch


@dataclass(frozen=True)
class CardState:
    """All of it. `objects`: tag of the data object → its content (what stands inside tag 53)."""

    profile: Profile
    serial: int
    pin: ReferenceData
    puk: ReferenceData
    management_key: ManagementKey
    keys: Mapping[int, StoredKey] = field(default_factory=dict)
    objects: Mapping[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("keys", "objects"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def with_key(self, slot: int, key: StoredKey | None) -> Self:
        """The card with another key in a slot, or with none."""
        return replace(self, keys=_changed(self.keys, slot, key))

    def with_object(self, tag: int, content: bytes | None) -> Self:
        """The card with another data object, or without it."""
        return replace(self, objects=_changed(self.objects, tag, content))


def _changed(mapping: Mapping[int, T], key: int, value: T | None) -> dict[int, T]:
    rest = {each: content for each, content in mapping.items() if each != key}
    return rest if value is None else rest | {key: value}
