"""An application's number: printed on the form, read out on the phone, never guessed. `K7MP-Q2RW-T4XA`.

Twelve characters without look-alikes: 59 bits. It becomes Holder.application_number, which helps to recover a
forgotten security word.
"""

from __future__ import annotations

import secrets

from kilitcoz_cards.messages import PAIRING_CODE_ALPHABET

_GROUPS, _GROUP = 3, 4


def make() -> str:
    """A random number."""
    return written("".join(secrets.choice(PAIRING_CODE_ALPHABET) for _ in range(_GROUPS * _GROUP)))


def written(typed: str) -> str:
    """As it is stored, of what people type: any case, with or without hyphens and spaces. Of something else
    comes something else, which no application has.
    """
    plain = "".join(each for each in typed.upper() if each.isascii() and each.isalnum())[
        : _GROUPS * _GROUP + 1
    ]
    return "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))
