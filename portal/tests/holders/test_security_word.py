"""The security word: one fold, one hash, none readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.errors import SecurityWordWeak

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
    assert word_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert security_word.matches("kirazbahcesi", word_hash)
    assert security_word.matches("KİRAZ BAHÇESİ", word_hash)
    assert not security_word.matches("kiraz bahçem", word_hash)
    assert not security_word.matches("kiraz bahçesi", None)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "kiraz",
        "aaaaaaaaaa",
        "ababababab",
        "12345678",
        "Şifre123",
        "Ayşe Yılmaz",
        "10000000146",
        "Galatasaray",
        "kilit çözme",
    ],
)
def test_a_word_that_is_easily_guessed_is_refused(word: str) -> None:
    with pytest.raises(SecurityWordWeak):
        security_word.check(word, "Ayşe Yılmaz", "10000000146")


def test_a_made_word_can_be_said_and_typed_and_is_never_weak() -> None:
    made = {security_word.make() for _ in range(200)}
    assert len(made) == 200
    for word in made:
        assert re.fullmatch(rf"(?:{SYLLABLE}){{2}} (?:{SYLLABLE}){{2}} (?:{SYLLABLE}){{3}}", word)
        security_word.check(word, "Ayşe Yılmaz", "10000000146")


def test_a_made_word_has_forty_bits_and_more() -> None:
    syllables = sum(security_word._SYLLABLES)
    assert (len(security_word._CONSONANTS) * len(security_word._VOWELS)) ** syllables > 2**45
