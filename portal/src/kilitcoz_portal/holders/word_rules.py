"""What a holder's own security word must not be (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2.4, 6.2.11).

Only what is easily guessed is refused: nothing is asked of the kinds of letters. The whole word is compared,
after folding; digits and marks around a common word, or around the holder's own name, make it no better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator

from kilitcoz_portal.holders.errors import WordCommon, WordMonotonous, WordPersonal, WordTooShort
from kilitcoz_portal.holders.security_word import fold

MIN_LENGTH = 8  # letters after folding (NIST SP 800-63B-4, 3.1.1.2: behind limits and a second factor)
_DIFFERENT_LETTERS = 4
_OF_ITS_OWN = 4  # letters that must be left beside names and words of this service
# What stands side by side in the alphabet, and on Turkish keyboards (Q and F), folded.
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiopgu",
    "asdfghjklsi",
    "zxcvbnmoc",
    "fggiodrnhpqw",
    "uieautkmlysx",
    "jovcgzsb",
)
_STEPS = frozenset(
    "".join(step)
    for row in _ROWS
    for way in (row, row[::-1])
    for step in zip(way, way[1:], way[2:], strict=False)
)
_OFF_THE_ROW = 2  # letters that a walk along rows may have beside it
_DIGITS_FOR_LETTERS = str.maketrans("01345@$!", "oieasasi")
_DATE = re.compile(
    r"(?:19|20)\d\d"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)?\d\d)"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:19|20)?\d\d)"
    r"|(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)


def check(word: str, *own: str) -> None:
    """Raises the SecurityWordWeak of the first rule that the word breaks. `own`: what strangers know of the
    holder (name, numbers, e-mail address).
    """
    folded = fold(word)
    if len(folded) < MIN_LENGTH:
        raise WordTooShort
    if _is_monotonous(folded):
        raise WordMonotonous
    mine = _parts(own)
    if _adds_little(folded, mine):
        raise WordPersonal
    service = _listed("service_words.txt") | _parts([settings.KILITCOZ_ORGANISATION])
    if _is_common(folded) or _adds_little(folded, mine | service):
        raise WordCommon


def _is_monotonous(folded: str) -> bool:
    """Few different letters, a short piece over and over, or a walk along the alphabet or the keyboard."""
    if len(set(folded)) < _DIFFERENT_LETTERS or len(_repeated(folded)) < MIN_LENGTH:
        return True
    walked = {
        at + step for at in range(len(folded) - 2) if folded[at : at + 3] in _STEPS for step in range(3)
    }
    return len(folded) - len(walked) <= _OFF_THE_ROW


def _repeated(folded: str) -> str:
    """The shortest piece of which the word is made by repeating it; the word itself where there is none."""
    return folded[: (folded + folded).index(folded, 1)]


def _is_common(folded: str) -> bool:
    """On a list of what people choose most, as it is or with digits and marks around it or in place of
    letters.
    """
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    meant = (each.translate(_DIGITS_FOR_LETTERS) for each in (folded, bare))
    return not {folded, bare, *meant}.isdisjoint(_common())


def _adds_little(folded: str, known: frozenset[str]) -> bool:
    """Whether nothing of its own, or a date alone, is left of the word without these parts."""
    rest = folded
    for part in sorted(known, key=len, reverse=True):
        rest = rest.replace(part, "")
    rest = re.sub(r"[\W_]", "", rest)
    return len(rest) < _OF_ITS_OWN or _DATE.fullmatch(rest) is not None


def _parts(known: Iterable[str]) -> frozenset[str]:
    """The pieces of names, numbers and addresses, folded; of a telephone number also its national forms."""
    found: set[str] = set()
    for entry in known:
        pieces = re.findall(r"[^\W_]+", entry)
        found.update(fold(piece) for piece in (*pieces, "".join(pieces)))
        if re.fullmatch(r"\+90\d{10}", entry):
            found.update({entry[3:], f"0{entry[3:]}"})
    return frozenset(piece for piece in found if len(piece) > 2)


@cache
def _common() -> frozenset[str]:
    """Django's twenty thousand passwords (its validator's list), and ours, for people who write Turkish."""
    international = map(fold, CommonPasswordValidator().passwords)
    return frozenset((*international, *_listed("common_words.txt")))


@cache
def _listed(name: str) -> frozenset[str]:
    """Folded words, one a line; those of this service are also what ASVS 5.0, 6.1.2 wants written down."""
    return frozenset(Path(__file__).with_name(name).read_text(encoding="ascii").split())
