"""The security word: folded as people type it, then Argon2id with a pepper (design §6).

Folding: compatibility forms decomposed (NFKD), marks dropped, ı → i, lower case, no white space. `IŞIK`,
`İŞİK`, `ışık` and `isik` are one word, on any keyboard.
Hashing: RFC 9106 second recommended profile (64 MiB, 3 passes, 4 lanes); the pepper is HMAC-SHA-256 by a key
file.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from threading import BoundedSemaphore

import argon2
from django.conf import settings

from kilitcoz_portal import keyfiles

_CONSONANTS = "bcdfghjklmnprstvyz"
_VOWELS = "aeiou"
_SYLLABLES = (2, 2, 3)  # 7 syllables of 18 × 5: 45 bits

# A hash takes 64 MiB and four lanes: no more of them at once than the processors can work on.
_AT_ONCE = BoundedSemaphore(max(1, (os.cpu_count() or 1) // 4))
_HASHER = argon2.PasswordHasher.from_parameters(argon2.profiles.RFC_9106_LOW_MEMORY)
# The hash of a word nobody has: peppered words are 64 hex digits, this one is not. Same profile as real ones.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$Fbx1HmJmkBSCwZ3ZHzrxGg$timMwLVpnmqBFZQ5oouHvbsUHIIVy3sVYTpeW2rbGVs"


def fold(word: str) -> str:
    """The one form of all spellings of a word."""
    for _ in range(2):  # lowering one character can make another that decomposes
        decomposed = unicodedata.normalize("NFKD", word.replace("ı", "i").casefold())
        word = "".join(each for each in decomposed if not unicodedata.combining(each))
    return "".join(word.split())


def hash_word(word: str) -> str:
    """Argon2id over the peppered, folded word, as stored in Holder.security_word_hash."""
    with _AT_ONCE:
        return _HASHER.hash(_peppered(word))


def matches(word: str, word_hash: str | None) -> bool:
    """Whether the word is the one behind the hash; None (no such holder) takes the same time and is always
    False.
    """
    try:
        with _AT_ONCE:
            return _HASHER.verify(word_hash or _NOBODYS, _peppered(word))
    except argon2.exceptions.VerifyMismatchError:
        return False


def make() -> str:
    """A random word that can be said and typed, as `kavu meti bozura`: 45 bits."""
    return " ".join(
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(count))
        for count in _SYLLABLES
    )


def _peppered(word: str) -> bytes:
    pepper = keyfiles.load_or_create(settings.KILITCOZ_DATA_DIR / "pepper.key")
    return hmac.new(pepper, fold(word).encode(), hashlib.sha256).hexdigest().encode()
