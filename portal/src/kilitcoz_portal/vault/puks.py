"""PUKs of a card family: what they look like, and how new ones are made.

A new PUK is derived (HKDF, RFC 5869) from the card's random data key and its version, not drawn: to everyone
without the data key it is random, and a vault restored from a backup can make the very values it had given
out since (R10).
"""

from __future__ import annotations

from kilitcoz_cards.families import BY_NAME
from kilitcoz_cards.pin import Puk
from kilitcoz_portal.vault import crypto
from kilitcoz_portal.vault.errors import PukMalformed

_STREAM = 256  # bytes; a PUK of 64 characters from 10 digits needs more than these once in 10^60


def tries(family: str) -> int:
    """How many PUK tries a card of this family has when full, at the least."""
    return BY_NAME[family].retries_total


def check(family: str, puk: Puk) -> None:
    """Raises PukMalformed for a PUK that no card of this family has. `family` is a key of
    families.BY_NAME.
    """
    if not BY_NAME[family].puk_rules.admits(puk):
        raise PukMalformed


def make(data_key: bytes, card_ref: str, version: int) -> bytearray:
    """The card's PUK of this version, in the family's form, without bias (rejection sampling)."""
    rules = BY_NAME[card_ref.partition(":")[0]].puk_rules
    alphabet = rules.alphabet.encode()
    fair = 256 - 256 % len(alphabet)
    stream = crypto.derive(data_key, f"puk {card_ref} {version}", _STREAM)
    symbols = [alphabet[byte % len(alphabet)] for byte in stream if byte < fair]
    return bytearray(symbols[: rules.length])
