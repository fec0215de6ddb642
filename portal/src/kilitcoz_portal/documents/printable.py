"""Text that our fonts can print: those inside the typst wheel (Libertinus Serif, DejaVu Sans Mono), so that
paper looks the same on every machine, whatever is installed there.

PDF/UA-1 (ISO 14289-1, 7.21.8) refuses a glyph that no font has, and some sequences of unknown marks make
Typst panic: what is not in the repertoire below is written as its number, `[U+1F600]`. That can be read aloud
too, and cannot turn the writing's direction. A test prints the whole repertoire.
"""

from __future__ import annotations

import re
import unicodedata

_RANGES = (
    (0x0020, 0x007E),  # Latin
    (0x00A0, 0x00AC),
    (0x00AE, 0x024F),  # with Turkish; without the soft hyphen
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x0481),  # Cyrillic
    (0x048A, 0x04FF),
    (0x05D0, 0x05EA),  # Hebrew
    (0x0621, 0x063A),  # Arabic
    (0x0641, 0x064A),
    (0x1E00, 0x1EFF),  # Latin, further
    (0x2010, 0x2027),  # marks
    (0x2030, 0x203A),
    (0x20A0, 0x20BF),  # currencies, ₺ among them
    (0x2116, 0x2116),  # №
    (0x2190, 0x2193),  # arrows
)
REPERTOIRE = frozenset(
    chr(point)
    for first, last in _RANGES
    for point in range(first, last + 1)
    if unicodedata.category(chr(point)) != "Cn"
)
_LONG_WORD = re.compile(r"\S{65,}")  # SHA-256 in hex stays whole
_PIECE = re.compile(r".{16}(?=.)")
_BREAK = "\u200b"  # ZERO WIDTH SPACE: a line may end here


def printable(text: str) -> str:
    """NFC, lines kept, other white space made plain; what cannot be printed as `[U+…]`; overlong words may
    break.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    shown = "".join(
        each if each in REPERTOIRE or each == "\n" else f"[U+{ord(each):04X}]" for each in composed
    )
    return _LONG_WORD.sub(lambda word: _PIECE.sub(rf"\g<0>{_BREAK}", word[0]), shown)
