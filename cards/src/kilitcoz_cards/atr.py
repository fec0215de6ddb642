"""Answer to Reset (ISO/IEC 7816-3, 8.2) and what its historical bytes promise (ISO/IEC 7816-4:2005, 8.1.1).

Only one promise is used: whether the card takes extended length. A card that says nothing is spoken to with
short APDUs, which every card takes.
"""

from dataclasses import dataclass
from typing import Self

from kilitcoz_cards.errors import CardMalformed

CAPABILITIES_TAG = 0x7  # COMPACT-TLV "card capabilities", one to three software function tables
EXTENDED_LENGTH_BIT = 0x40  # third software function table, b7
COMMAND_CHAINING_BIT = 0x80  # third software function table, b8
KNOWN_EXTENDED = (b"Yubikey4",)  # historical bytes without COMPACT-TLV, of cards that take extended length


@dataclass(frozen=True, slots=True)
class Atr:
    """The historical bytes of an ATR; the interface bytes are the reader's business."""

    historical: bytes

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """TS, T0, interface bytes, historical bytes, TCK; CardMalformed where it is cut off."""
        if len(raw) < 2 or raw[0] not in (0x3B, 0x3F):
            raise CardMalformed("not an ATR")
        count, indicator, offset = raw[1] & 0x0F, raw[1] >> 4, 2
        while indicator:
            offset += indicator.bit_count()  # TAi TBi TCi TDi, as announced
            if not indicator & 0x8:
                break
            if offset > len(raw):
                raise CardMalformed("an ATR is cut off")
            indicator = raw[offset - 1] >> 4
        historical = raw[offset : offset + count]
        if len(historical) != count:
            raise CardMalformed("an ATR is cut off")
        return cls(historical)

    @property
    def takes_extended_length(self) -> bool:
        """True where the card says so, or is known to."""
        third = self._third_function_table()
        if third is not None:
            return bool(third & EXTENDED_LENGTH_BIT)
        return self.historical in KNOWN_EXTENDED

    def _third_function_table(self) -> int | None:
        objects = self._compact_tlv()
        offset = 0
        while offset < len(objects):
            tag, length = objects[offset] >> 4, objects[offset] & 0x0F
            value = objects[offset + 1 : offset + 1 + length]
            if tag == CAPABILITIES_TAG and len(value) >= 3:
                return value[2]
            offset += 1 + length
        return None

    def _compact_tlv(self) -> bytes:
        """The data objects after the category indicator: 80, or 00 with three status bytes at the end."""
        if self.historical[:1] == b"\x80":
            return self.historical[1:]
        if self.historical[:1] == b"\x00":
            return self.historical[1:-3]
        return b""


def takes_extended_length(atr: bytes) -> bool:
    """As Atr.takes_extended_length; False for an ATR that does not parse."""
    try:
        return Atr.from_bytes(atr).takes_extended_length
    except CardMalformed:
        return False
