"""BER-TLV data objects (ISO/IEC 7816-4:2005, 5.2.2; ISO/IEC 8825-1).

Tags are integers of their bytes as they stand on the card (0x5FC102, 0x7C, 0x34); lengths are definite, of at
most four length bytes. Nothing is guessed: what does not parse to the last byte is CardMalformed.
"""

from collections.abc import Iterable
from typing import NamedTuple

from kilitcoz_cards.errors import CardMalformed


class Tlv(NamedTuple):
    """One data object: its tag and its value field."""

    tag: int
    value: bytes

    def __repr__(self) -> str:
        return f"Tlv({self.tag:02X}, {len(self.value)} bytes)"


def encode(tag: int, value: bytes) -> bytes:
    """One data object with the shortest length field."""
    if tag <= 0xFF and len(value) < 0x80:  # the same as below, for the most frequent
        return bytes((tag, len(value))) + value
    return header(tag, len(value)) + value


def header(tag: int, length: int) -> bytes:
    """What stands before a value of this length."""
    return tag.to_bytes(max(1, (tag.bit_length() + 7) // 8), "big") + _encode_length(length)


def encode_all(objects: Iterable[Tlv]) -> bytes:
    """Data objects one after another."""
    return b"".join(encode(tag, value) for tag, value in objects)


def parse(raw: bytes) -> list[Tlv]:
    """All data objects in `raw`, one level deep, in order; CardMalformed where bytes are missing or left."""
    objects: list[Tlv] = []
    offset = 0
    while offset < len(raw):
        tag, offset, end = _parse_header(raw, offset)
        if end > len(raw):
            raise CardMalformed("a data object is longer than what holds it")
        objects.append(Tlv(tag, raw[offset:end]))
        offset = end
    return objects


def find(raw: bytes, *path: int) -> bytes | None:
    """The value under the first of each tag in `path`, descending; None where one is missing."""
    value = raw
    for tag in path:
        found = next((each.value for each in parse(value) if each.tag == tag), None)
        if found is None:
            return None
        value = found
    return value


def find_in_prefix(raw: bytes, *path: int) -> bytes | None:
    """As find, where only the beginning of an object was fetched: what lies behind the cut is not there."""
    value: bytes | None = raw
    for tag in path:
        value = None if value is None else _first_in_prefix(value, tag)
    return value


def require(raw: bytes, *path: int) -> bytes:
    """As find, but a missing tag is CardMalformed."""
    value = find(raw, *path)
    if value is None:
        raise CardMalformed("no data object " + "/".join(f"{tag:02X}" for tag in path))
    return value


def _encode_length(length: int) -> bytes:
    if length < 0x80:
        return bytes((length,))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def _first_in_prefix(raw: bytes, wanted: int) -> bytes | None:
    offset = 0
    while offset < len(raw):
        try:
            tag, offset, end = _parse_header(raw, offset)
        except CardMalformed:
            return None
        if tag == wanted:
            return raw[offset:end]
        offset = end
    return None


def _parse_header(raw: bytes, offset: int) -> tuple[int, int, int]:
    """Tag, and where the value begins and ends; its end may lie behind that of `raw`."""
    tag, offset = _parse_tag(raw, offset)
    length, offset = _parse_length(raw, offset)
    return tag, offset, offset + length


def _parse_tag(raw: bytes, offset: int) -> tuple[int, int]:
    start = offset
    offset += 1
    if raw[start] & 0x1F == 0x1F:  # high tag number: further bytes until one has bit 8 clear
        while _byte(raw, offset) & 0x80:
            offset += 1
        offset += 1
        if offset - start > 4:
            raise CardMalformed("a tag of more than four bytes")
    return int.from_bytes(raw[start:offset], "big"), offset


def _parse_length(raw: bytes, offset: int) -> tuple[int, int]:
    first = _byte(raw, offset)
    offset += 1
    if first < 0x80:
        return first, offset
    octets = first & 0x7F
    if not 1 <= octets <= 4 or offset + octets > len(raw):
        raise CardMalformed("a length field of no length, or cut off")
    return int.from_bytes(raw[offset : offset + octets], "big"), offset + octets


def _byte(raw: bytes, offset: int) -> int:
    if offset >= len(raw):
        raise CardMalformed("a data object is cut off")
    return raw[offset]
