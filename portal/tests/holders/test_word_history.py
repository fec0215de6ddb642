"""From one word to the next: on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from portal.tests import people
from portal.tests.marks import ON_BOTH
from portal.tests.people import AYSE_WORD, MEHMET_WORD, NOW

from kilitcoz_portal.holders import security_word, word_history
from kilitcoz_portal.holders.errors import WordPersonal, WordUnchanged, WordUsedBefore
from kilitcoz_portal.holders.models import FormerWord, Holder

pytestmark = ON_BOTH
WORDS = [f"{bird} {tree} ormanı" for bird in ("serçe", "turna", "bıldırcın") for tree in ("ladin", "gürgen")]


@pytest.fixture
def ayse(database: str, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Holder:
    people.hash_cheaply(monkeypatch)
    return people.ayse()


def change(holder: Holder, word: str) -> None:
    word_history.replace(holder, word_history.prepare(holder, word), NOW)


def test_a_new_word_takes_the_place_of_the_old_one_at_once(ayse: Holder) -> None:
    change(ayse, WORDS[0])
    stored = Holder.objects.get().security_word_hash
    assert security_word.matches(WORDS[0], stored)
    assert not security_word.matches(AYSE_WORD, stored)
    assert ayse.security_word_hash == stored


def test_the_word_in_use_is_not_a_new_one_in_any_spelling(ayse: Holder) -> None:
    with pytest.raises(WordUnchanged):
        word_history.prepare(ayse, AYSE_WORD.upper())


def test_none_of_the_last_five_comes_back_and_the_sixth_may(ayse: Holder) -> None:
    used = [AYSE_WORD, *WORDS]
    for word in WORDS:
        change(ayse, word)
    for word in used[1:-1]:
        with pytest.raises(WordUsedBefore):
            word_history.prepare(ayse, word)
    word_history.prepare(ayse, used[0])
    assert FormerWord.objects.count() == word_history.KEPT


def test_former_words_are_each_holders_own(ayse: Holder) -> None:
    mehmet = people.mehmet()
    change(mehmet, WORDS[0])
    change(ayse, MEHMET_WORD)
    assert ayse.former_words.count() == mehmet.former_words.count() == 1


def test_at_most_six_hashes_are_compared(ayse: Holder, hashes: list[str]) -> None:
    for word in WORDS:
        change(ayse, word)
    hashes.clear()
    word_history.prepare(ayse, "kızıl bir gökyüzü")
    assert len(hashes) == 1 + word_history.KEPT


def test_a_weak_word_costs_no_hash(ayse: Holder, hashes: list[str]) -> None:
    ayse.email, ayse.application_number = "karabiber@ornek.example", "K-2026-88"
    for word in ("karabiber1", "k202688-12031985"):
        with pytest.raises(WordPersonal):
            word_history.prepare(ayse, word)
    assert hashes == []


def test_a_word_that_staff_has_seen_says_until_when_it_is_good(ayse: Holder) -> None:
    until = NOW + timedelta(days=21)
    word_history.replace(ayse, word_history.prepare(ayse, WORDS[0]), NOW, expires_at=until)
    assert Holder.objects.get().word_expires_at == until
    change(ayse, WORDS[1])
    assert Holder.objects.get().word_expires_at is None


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every hash a word was compared with."""
    seen: list[str] = []
    real = security_word.matches

    def counting(word: str, word_hash: str | None) -> bool:
        seen.append(str(word_hash))
        return real(word, word_hash)

    monkeypatch.setattr(security_word, "matches", counting)
    return seen
