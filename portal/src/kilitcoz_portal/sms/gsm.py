"""How much of one SMS a text fills: 3GPP TS 23.038 §6.2.1 (default alphabet) and annex A.2.1 (Turkish single
shift).

A message that needs the Turkish shift spends five septets on saying so: 155 of 160 are left. We always keep
to 155.
"""

import unicodedata

MAX_SEPTETS = 155

_DEFAULT_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TURKISH_SINGLE_SHIFT = frozenset("ĞğİıŞşç€^{}\\[~]|")
_PLAIN = str.maketrans({"…": "...", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "•": "*"})


def septets(text: str) -> int:
    """Septets that `text` fills. ValueError for a character that neither table has."""
    total = 0
    for character in text:
        if character in _DEFAULT_ALPHABET:
            total += 1
        elif character in _TURKISH_SINGLE_SHIFT:
            total += 2
        else:
            raise ValueError(f"U+{ord(character):04X} is not in the GSM alphabet")
    return total


def sendable(text: str) -> str:
    """The same text in characters that an SMS has: typographic marks made plain, foreign accents dropped."""
    return "".join(_sendable_character(character) for character in text.translate(_PLAIN))


def _sendable_character(character: str) -> str:
    if character in _DEFAULT_ALPHABET or character in _TURKISH_SINGLE_SHIFT:
        return character
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base in _DEFAULT_ALPHABET else "?"


def shortened(text: str, room: int) -> str:
    """`text` cut so that it fills at most `room` septets; a cut text ends in a full stop after its last
    letter.
    """
    if septets(text) <= room:
        return text
    while text and septets(text) > room - 1:
        text = text[:-1]
    return text.rstrip() + "." if text else ""
