"""A text in the octets of one or more short messages: 3GPP TS 23.038 §6.2.1 (default alphabet, extension),
annex A.2.1 (Turkish single shift), §6.2.3 (UCS-2); 3GPP TS 23.040 §9.2.3.24 (user data header).

Septets go one to an octet, as SMPP has them; the SMSC packs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from aiosmpplib.codec import GSM_BASIC_ENCODE_MAP, GSM_EXTENDED_ENCODE_MAP

GSM, UCS2 = 0x00, 0x08  # data_coding, SMPP 3.4 §5.2.19
ROOM = {GSM: 160, UCS2: 140}  # septets, octets
_TURKISH_SHIFT = b"\x24\x01\x01"  # information element 24, one octet: Turkish
_MARKED = {"Ğ": 0x47, "İ": 0x49, "Ş": 0x53, "ç": 0x63, "ğ": 0x67, "ı": 0x69, "ş": 0x73}
_WITHOUT_MARK = str.maketrans("ĞİŞçğış", "GIScgis")
_DEFAULT = {letter: bytes([code]) for letter, code in GSM_BASIC_ENCODE_MAP.items()}
_DEFAULT |= {letter: bytes([0x1B, code]) for letter, code in GSM_EXTENDED_ENCODE_MAP.items()}
_SHIFTED = _DEFAULT | {letter: bytes([0x1B, code]) for letter, code in _MARKED.items()}


class Alphabet(StrEnum):
    """How a text is sent that has letters which the default alphabet has not."""

    TURKISH = "turkish"  # by the single shift table: 155 septets fit
    UCS2 = "ucs2"  # 70 characters fit
    PLAIN = "plain"  # without their marks


@dataclass(frozen=True)
class Segment:
    """One short message. `octets` begin with the user data header where there is one."""

    data_coding: int
    has_header: bool
    octets: bytes = field(repr=False)


def segments(text: str, alphabet: Alphabet, reference: int) -> list[Segment]:
    """The text as one short message or, where it does not fit, as a concatenated one of this reference (0 to
    255).
    """
    if alphabet is Alphabet.PLAIN:
        text = text.translate(_WITHOUT_MARK)
    if all(letter in _DEFAULT for letter in text):
        return _split([_DEFAULT[letter] for letter in text], GSM, b"", reference)
    if alphabet is Alphabet.TURKISH and all(letter in _SHIFTED for letter in text):
        return _split([_SHIFTED[letter] for letter in text], GSM, _TURKISH_SHIFT, reference)
    return _split([letter.encode("utf-16-be") for letter in text], UCS2, b"", reference)


def _split(letters: Sequence[bytes], coding: int, shift: bytes, reference: int) -> list[Segment]:
    """Letters are never cut: neither an escape from what it escapes, nor a surrogate from the other."""
    whole = b"".join(letters)
    if len(whole) <= _room(coding, _header(shift)):
        return [Segment(coding, bool(shift), _header(shift) + whole)]
    room = _room(coding, _header(shift + _part(reference, 0, 0)))
    bodies = list(_filled(letters, room))
    return [
        Segment(coding, True, _header(shift + _part(reference, len(bodies), number)) + body)
        for number, body in enumerate(bodies, start=1)
    ]


def _filled(letters: Sequence[bytes], room: int) -> Iterator[bytes]:
    body = b""
    for letter in letters:
        if len(body) + len(letter) > room:
            yield body
            body = b""
        body += letter
    yield body


def _part(reference: int, total: int, number: int) -> bytes:
    """Information element 00: part `number` of `total`."""
    return bytes([0x00, 3, reference, total, number])


def _header(elements: bytes) -> bytes:
    """The user data header: its length, its elements; none without elements."""
    return bytes([len(elements)]) + elements if elements else b""


def _room(coding: int, header: bytes) -> int:
    """What fits beside the header: octets of UCS-2, or septets, of which the header takes whole ones."""
    taken = -(-len(header) * 8 // 7) if coding == GSM else len(header)
    return ROOM[coding] - taken
