"""What a holder's own word must not be, and how little else is asked of it."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from kilitcoz_portal.holders.errors import (
    SecurityWordWeak,
    WordCommon,
    WordMonotonous,
    WordPersonal,
    WordTooShort,
)
from kilitcoz_portal.holders.word_rules import check

AYSE = ("Ayşe Yılmaz", "10000000146", "+905321234567", "ayse.y@ornekposta.example", "2026/4711")


def refused(word: str, reason: type[SecurityWordWeak]) -> None:
    with pytest.raises(reason) as raised:
        check(word, *AYSE)
    assert type(raised.value) is reason
    assert word not in str(raised.value) or not word


@pytest.mark.parametrize("word", ["", "kiraz", "a b c d e f g", "ı́ı́ı́ı́ı́ı́ı́", "   kiraz    "])
def test_less_than_eight_letters_are_too_few(word: str) -> None:
    refused(word, WordTooShort)


@pytest.mark.parametrize(
    "word",
    [
        "aaaaaaaaaa",
        "ababababab",
        "kirazkiraz",
        "12345678",
        "87654321",
        "abcd1234",
        "qwertyui",
        "asdf12345x",
        "fgğıodrn",
    ],
)
def test_what_repeats_or_walks_along_the_keyboard_is_refused(word: str) -> None:
    refused(word, WordMonotonous)


@pytest.mark.parametrize(
    "word",
    [
        "Galatasaray",
        "Ankara1923",
        "şifre1905",
        "!!merhaba!!",
        "p4ssw0rd",
        "Ş1fre1905",
        "trustno1",
        "İSTANBUL34",
        "sunshine7!",
    ],
)
def test_what_many_choose_is_refused_also_with_digits_around_it(word: str) -> None:
    refused(word, WordCommon)


@pytest.mark.parametrize(
    "word", ["kilit çözme", "kilitcoz2026", "Sertifikam1", "e-imza sertifika", "Güvenlik Kartı"]
)
def test_words_of_this_service_are_refused(word: str) -> None:
    refused(word, WordCommon)


@pytest.mark.parametrize("word", ["Işıklı Hizmetleri", "isikli-1984", "ayseisikli"])
def test_the_organisations_name_is_refused(word: str, settings: Settings) -> None:
    settings.KILITCOZ_ORGANISATION = "Işıklı Sertifika Hizmetleri"
    refused(word, WordCommon)


@pytest.mark.parametrize(
    "word",
    [
        "Ayşe Yılmaz",
        "YILMAZ-AYSE",
        "ayse1985",
        "yilmaz12031985",
        "10000000146",
        "+90 532 123 45 67",
        "ayse.y@ornekposta.example",
        "ornekposta1",
        "2026/4711",
        "12.03.1985",
        "19850312",
        "03121985",
    ],
)
def test_the_holders_own_data_and_dates_are_refused(word: str) -> None:
    refused(word, WordPersonal)


@pytest.mark.parametrize(
    "word",
    [
        "mavi kiraz bahçesi",
        "ayşenin bahçesi",
        "sertifikalı köpek",
        "48201733",
        "ÇĞÖŞÜ-ıüğle",
        "correct horse battery staple",
        "日本語のパスワード",
        "x" * 3 + "yZ9" * 2 + "-kuyu" * 20,
    ],
)
def test_everything_else_is_a_word_whatever_it_is_made_of(word: str) -> None:
    check(word, *AYSE)


def test_nothing_need_be_known_of_the_holder() -> None:
    check("mavi kiraz bahçesi", "Su", "", "", "")
