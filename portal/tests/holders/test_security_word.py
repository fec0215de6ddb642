"""The security word: one fold, one hash, none readable."""

from __future__ import annotations

import math
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_portal.holders import security_word, word_rules
from kilitcoz_portal.holders.turns import FIRST, OTHERS, PROVED, Turns


class Crowd(Turns):
    """Turns in a moment in which every seat is taken."""

    @contextmanager
    def turn(self, rank: int = FIRST) -> Iterator[bool]:
        """At once, for the test."""
        yield True


UNSAID = security_word._UNSAYABLE
SYLLABLE = "[bcdfghjklmnprstvyz][aeiou]"


@pytest.mark.parametrize(
    "spelling",
    [
        "IŞIKLIĞIN",
        "ışıklığın",
        "Işıklığın",
        "isikligin",
        "ISIKLIGIN",
        "İŞİKLİĞİN",
        " ışık lığın ",
        "i̇şıklıgın",
        "ｉｓｉｋｌｉｇｉｎ",
    ],
)
def test_all_spellings_of_a_word_are_one_word(spelling: str) -> None:
    assert security_word.fold(spelling) == "isikligin"


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once_and_leaves_no_case(word: str) -> None:
    folded = security_word.fold(word)
    assert security_word.fold(folded) == folded
    assert security_word.fold(word.strip()) == folded


def test_a_word_is_stored_as_argon2id_and_recognised_in_any_spelling() -> None:
    word_hash = security_word.hash_word("Kiraz Bahçesi")
    assert re.match(r"[0-9a-f]{16}\$argon2id\$v=19\$m=65536,t=3,p=4\$", word_hash)
    assert security_word.matches("kirazbahcesi", word_hash)
    assert security_word.matches("KİRAZ BAHÇESİ", word_hash)
    assert not security_word.matches("kiraz bahçem", word_hash)
    assert not security_word.matches("kiraz bahçesi", None)


def test_nobodys_hash_takes_as_long_as_a_real_one() -> None:
    assert not security_word._HASHER.check_needs_rehash(security_word._NOBODYS)


@pytest.mark.parametrize(("rank", "yields"), [(FIRST, 0), (PROVED, 0), (OTHERS, 10)])
def test_in_a_crowd_only_the_hashes_of_other_strangers_yield_to_everything(
    monkeypatch: pytest.MonkeyPatch, rank: int, yields: int
) -> None:
    hasher, niceness = security_word._HASHER, []

    class Watching:
        def verify(self, word_hash: str, word: bytes) -> bool:
            niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return hasher.verify(word_hash, word)

    word_hash = security_word.hash_word("kiraz bahçesi")
    before = os.getpriority(os.PRIO_PROCESS, 0)
    monkeypatch.setattr(security_word, "TURNS", Crowd(1))
    monkeypatch.setattr(security_word, "_HASHER", Watching())
    assert security_word.matches("kiraz bahçesi", word_hash, rank)
    assert not security_word.matches("kiraz bahçem", word_hash, rank)
    assert niceness == [yields or before] * 2


def test_a_hash_from_before_peppers_had_names_still_opens_and_is_outdated() -> None:
    named = security_word.hash_word("kiraz bahçesi")
    nameless = named[named.index("$") :]
    assert security_word.matches("kiraz bahçesi", nameless)
    assert security_word.is_outdated(nameless)
    assert not security_word.is_outdated(named)


def test_a_made_word_can_be_said_and_typed_and_breaks_no_rule() -> None:
    made = {security_word.make() for _ in range(200)}
    assert len(made) == 200
    for word in made:
        assert re.fullmatch(rf"(?:{SYLLABLE}){{2}} (?:{SYLLABLE}){{2}} (?:{SYLLABLE}){{3}}", word)
        word_rules.check(word, "Ayşe Yılmaz", "10000000146")


def test_a_made_word_has_45_bits() -> None:
    """Seven syllables, each one of 90 with equal chance: 7 · log2(90) = 45.4 bits; the issue asks for 40. The
    few that are not said cost less than a tenth of a bit: three letters stand in one of 1,620 pairs of
    syllables, four in one of 8,100, and a word has four pairs.
    """
    syllables = {
        consonant + vowel for consonant in _letters("[bcdfghjklmnprstvyz]") for vowel in _letters("[aeiou]")
    }
    seen = "".join(security_word.make().replace(" ", "") for _ in range(3000))
    found = {seen[at : at + 2] for at in range(0, len(seen), 2)}
    assert found == syllables
    per_word = len(security_word.make().replace(" ", "")) // 2
    assert (len(found), per_word) == (90, 7)
    unsaid = sum(4 * {3: 1 / 1620, 4: 1 / 8100}[len(each)] for each in UNSAID)
    assert 45 < per_word * math.log2(len(found)) + math.log2(1 - unsaid) < 46


def test_what_nobody_wants_to_say_is_not_made() -> None:
    made = [security_word.make() for _ in range(3000)]
    assert [word for word in made if any(each in word for each in UNSAID)] == []


def _letters(bracketed: str) -> str:
    return bracketed.strip("[]")
