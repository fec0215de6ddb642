"""PINs and PUKs, what they must look like, and what is known of their tries.

A rule of this module: the value of a secret leaves it by `reveal()` only, and `reveal()` is called where an
APDU or a sealed message is built, nowhere else.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Self

from kilitcoz_cards.errors import PinNotDigits, PinRepeated, PinSequential, PinTooLong, PinTooShort


class _Secret:
    """Bytes that print, pickle and format as nothing; equal in constant time."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = bytes(value)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The UTF-8 bytes of what was typed or stored; its form is checked by PinRules, not here."""
        return cls(text.encode())

    def reveal(self) -> bytes:
        """The value itself, unpadded."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, _Secret)
        return hmac.compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]  # a hash of a six-digit PIN is the PIN

    def __repr__(self) -> str:
        return f"{type(self).__name__}(redacted)"

    def __reduce_ex__(self, protocol: object) -> str:
        raise TypeError(f"a {type(self).__name__} is not serialised")


class Pin(_Secret):
    """What the holder chooses and knows."""

    __slots__ = ()


class Puk(_Secret):
    """What unblocks the PIN; the vault's own."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PinReference:
    """Reference data on a card: P2 of its commands, and the form in which the card keeps it.

    `stored_length` bytes, filled up with `padding`; both None where the card takes the bytes as they are.
    """

    p2: int
    stored_length: int | None = None
    padding: int | None = None

    def block(self, secret: Pin | Puk) -> bytes:
        """The secret as it goes into a data field; ValueError (without the value) where it is too long."""
        value = secret.reveal()
        if self.stored_length is None or self.padding is None:
            return value
        if len(value) > self.stored_length:
            raise ValueError(f"longer than the {self.stored_length} bytes of reference {self.p2:02X}")
        return value.ljust(self.stored_length, bytes((self.padding,)))


@dataclass(frozen=True, slots=True)
class PinState:
    """What a card tells of a reference; None = it does not tell. `retries_left` counts wrong tries to go."""

    blocked: bool | None = None
    retries_left: int | None = None


UNTOLD = PinState()

_ALPHABETS: Mapping[str, frozenset[int]] = MappingProxyType({"digits": frozenset(b"0123456789")})


@dataclass(frozen=True, slots=True)
class PinRules:
    """The form of a new PIN, as data: lengths in characters, `alphabet` one of "digits"."""

    min_length: int
    max_length: int
    alphabet: str = "digits"

    def __post_init__(self) -> None:
        if not 1 <= self.min_length <= self.max_length or self.alphabet not in _ALPHABETS:
            raise ValueError("PIN rules that no PIN can keep")

    def check(self, pin: Pin) -> None:
        """Return for a PIN that may be sent; raise the PinRuleViolation of the first rule it breaks."""
        value = pin.reveal()
        if not set(value) <= _ALPHABETS[self.alphabet]:
            raise PinNotDigits
        if len(value) < self.min_length:
            raise PinTooShort
        if len(value) > self.max_length:
            raise PinTooLong
        steps = {(after - before) % 10 for before, after in pairwise(value)}
        if steps == {0}:
            raise PinRepeated
        if steps in ({1}, {9}):
            raise PinSequential
