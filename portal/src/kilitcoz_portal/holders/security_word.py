"""The security word: folded as people type it, then Argon2id with a pepper (design §6).

Folding: compatibility forms decomposed (NFKD), marks dropped, ı → i, lower case, no white space. `IŞIK`,
`İŞİK`, `ışık` and `isik` are one word, on any keyboard.
Hashing: RFC 9106 second recommended profile (64 MiB, 3 passes, 4 lanes); the pepper is HMAC-SHA-256 by a key
file (holders.peppers). Stored: the pepper's id, then Argon2's own text, which names its parameters.
"""

from __future__ import annotations

import os
import secrets
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import argon2

from kilitcoz_portal.holders import peppers, turns
from kilitcoz_portal.holders.turns import Turns

_CONSONANTS = "bcdfghjklmnprstvyz"
_VOWELS = "aeiou"
_SYLLABLES = (2, 2, 3)  # 7 syllables of 18 × 5: 45 bits
# What nobody wants to read out to the call centre, in Turkish or English.
_UNSAYABLE = [
    "bok",
    "got",
    "kaka",
    "meme",
    "nazi",
    "pedo",
    "pic",
    "pipi",
    "popo",
    "puta",
    "sic",
    "sik",
    "zina",
]

# A hash has four lanes: no more of them at once than the processors can work on.
TURNS = Turns(max(1, (os.cpu_count() or 1) // 4))
_HASHER = argon2.PasswordHasher.from_parameters(argon2.profiles.RFC_9106_LOW_MEMORY)
# The hash of a word nobody has: peppered words are 64 hex digits, this one is not. Same profile as real ones.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$Fbx1HmJmkBSCwZ3ZHzrxGg$timMwLVpnmqBFZQ5oouHvbsUHIIVy3sVYTpeW2rbGVs"


def fold(word: str) -> str:
    """The one form of all spellings of a word."""
    for _ in range(2):  # lowering one character can make another that decomposes
        decomposed = unicodedata.normalize("NFKD", word.replace("ı", "i").casefold())
        word = "".join(each for each in decomposed if not unicodedata.combining(each))
    return "".join(word.split())


def hash_word(word: str, rank: int = turns.FIRST) -> str:
    """Argon2id over the peppered, folded word, as stored in Holder.security_word_hash. `rank` as in
    `matches`. Raises turns.Crowded.
    """
    pepper = peppers.current()
    with TURNS.turn(rank):
        return f"{pepper.id}{_HASHER.hash(pepper.mixed(fold(word)))}"


def matches(word: str, word_hash: str | None, rank: int = turns.FIRST) -> bool:
    """Whether the word is the one behind the hash; None (no such holder) takes the same time and is always
    False. `rank`: who goes first where many wait. Raises turns.Crowded; then nothing was computed.
    """
    pepper_id, argon2_text = _parts(word_hash or _NOBODYS)
    mixed = peppers.by_id(pepper_id).mixed(fold(word))
    try:
        with TURNS.turn(rank) as crowded:
            if crowded and rank >= turns.OTHERS:
                return _BEHIND.submit(_HASHER.verify, argon2_text, mixed).result()
            return _HASHER.verify(argon2_text, mixed)
    except argon2.exceptions.VerifyMismatchError:
        return False


def is_outdated(word_hash: str) -> bool:
    """Whether the hash should be made anew at the next right word: other parameters, or an earlier pepper."""
    pepper_id, argon2_text = _parts(word_hash)
    return pepper_id != peppers.current().id or _HASHER.check_needs_rehash(argon2_text)


def make() -> str:
    """A random word that can be said and typed, as `kavu meti bozura`: 45 bits."""
    while True:
        word = " ".join(
            "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(count))
            for count in _SYLLABLES
        )
        if not any(each in word for each in _UNSAYABLE):
            return word


def _step_back() -> None:
    """Linux: this thread, and the hash's lanes that it starts, yield to all others (setpriority(2))."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


# Where strangers wait in a crowd, their hashes run here: pages, and whoever goes first, have the processor.
_BEHIND = ThreadPoolExecutor(thread_name_prefix="hash", initializer=_step_back)


def _parts(word_hash: str) -> tuple[str, str]:
    """The pepper's id (empty in hashes from before peppers had ids), and Argon2's text."""
    pepper_id, _, rest = word_hash.partition("$")
    return pepper_id, f"${rest}"
