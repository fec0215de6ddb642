"""Card families: the few numbers in which cards differ, as literal data. BY_NAME is the registry.

How a family is added stands in docs/cards.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kilitcoz_cards.pin import PinReference, PinRules, Puk


@dataclass(frozen=True, slots=True)
class PukRules:
    """The form of a PUK that we make: `length` characters of `alphabet`; one in use: 1–`max_bytes` bytes."""

    length: int
    alphabet: str
    max_bytes: int
    padding: int

    def admits(self, puk: Puk) -> bool:
        """Whether a PUK already in use can be right: not empty, not too long, no padding byte at its end."""
        value = puk.reveal()
        return 0 < len(value) <= self.max_bytes and value[-1] != self.padding


@dataclass(frozen=True, slots=True)
class CardFamily:
    """One family. `promise` as in M4; `retries_total`: tries of PIN and of PUK unless the card tells.

    `login_slots`: keys with which a holder logs in, two hex digits each, the first that is there first; never
    one that signs documents; `signature_slots`: those.
    """

    name: str
    promise: str
    pin: PinReference
    puk: PinReference
    pin_rules: PinRules
    puk_rules: PukRules
    retries_total: int
    login_slots: tuple[str, ...]
    signature_slots: tuple[str, ...]


PIV = CardFamily(
    name="piv",
    promise="F3",
    # SP 800-73-4 part 2, 2.4.3: a PIN of 6 to 8 digits and a PUK, each kept in 8 bytes filled up with FF.
    pin=PinReference(0x80, stored_length=8, padding=0xFF),
    puk=PinReference(0x81, stored_length=8, padding=0xFF),
    pin_rules=PinRules(min_length=6, max_length=8, alphabet="digits"),
    # Any bytes would do by the standard; digits are what every card of the family takes.
    puk_rules=PukRules(length=8, alphabet="0123456789", max_bytes=8, padding=0xFF),
    retries_total=3,
    login_slots=("9a",),  # SP 800-73-4 part 1, 3.1.3: PIV Authentication
    signature_slots=("9c",),  # the same: Digital Signature
)

BY_NAME: Mapping[str, CardFamily] = MappingProxyType({family.name: family for family in (PIV,)})
