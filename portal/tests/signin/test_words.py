"""The security word: three wrong entries, and answers that tell nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from portal.tests.people import AYSE_WORD, NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.errors import SignInRefused
from kilitcoz_portal.signin.models import WordEntries
from kilitcoz_portal.signin.words import check_word

UNKNOWN = "20000000114"


def refused(id_number: str, word: str, hours: float = 0) -> None:
    with pytest.raises(SignInRefused):
        check_word(id_number, word, now=NOW + timedelta(hours=hours))


def test_the_right_word_opens_in_any_spelling(ayse: Holder) -> None:
    assert check_word("10000000146", "MAVİ KİRAZ BAHCESI", now=NOW) == ayse
    assert check_word(" 1000 0000 146 ", AYSE_WORD, now=NOW) == ayse


def test_a01_three_wrong_words_block_and_the_right_one_no_longer_opens(ayse: Holder) -> None:
    for _ in range(3):
        refused(ayse.id_number, "yanlış")
    refused(ayse.id_number, AYSE_WORD)
    assert AuditEvent.objects.filter(event="word-blocked", holder_id=ayse.pk).count() == 2


def test_a_blocked_word_frees_itself_after_24_hours(ayse: Holder) -> None:
    for _ in range(3):
        refused(ayse.id_number, "yanlış")
    refused(ayse.id_number, AYSE_WORD, hours=23.9)
    assert check_word(ayse.id_number, AYSE_WORD, now=NOW + timedelta(hours=24)) == ayse


def test_trying_a_blocked_word_does_not_keep_it_blocked(ayse: Holder) -> None:
    for hours in (0, 0, 0, 10, 20):
        refused(ayse.id_number, "yanlış", hours)
    assert check_word(ayse.id_number, AYSE_WORD, now=NOW + timedelta(hours=24)) == ayse


def test_the_right_word_gives_the_tries_back(ayse: Holder) -> None:
    for _ in range(3):
        refused(ayse.id_number, "yanlış")
        refused(ayse.id_number, "yanlış")
        check_word(ayse.id_number, AYSE_WORD, now=NOW)
    assert WordEntries.objects.get().wrong == 0


def test_lanes_are_counted_apart(ayse: Holder) -> None:
    for _ in range(3):
        refused(ayse.id_number, "yanlış")
    assert check_word(ayse.id_number, AYSE_WORD, now=NOW, lane="ayses-own-browser") == ayse


def test_counts_older_than_a_day_are_cleared_away(ayse: Holder) -> None:
    refused(UNKNOWN, "yanlış")
    refused(ayse.id_number, "yanlış", hours=24)
    assert WordEntries.objects.count() == 1


def test_the_count_names_nobody(ayse: Holder) -> None:
    refused(ayse.id_number, "yanlış")
    assert ayse.id_number not in WordEntries.objects.get().subject
    assert not AuditEvent.objects.filter(detail__icontains=ayse.id_number).exists()


def work_of(id_number: str, word: str) -> tuple[list[str], int]:
    """The shapes of the queries, and how many hashes were computed."""
    hashes = 0

    class Counting:
        def verify(self, word_hash: str, word: bytes) -> bool:
            nonlocal hashes
            hashes += 1
            return real.verify(word_hash, word)

    real, security_word._HASHER = security_word._HASHER, Counting()  # type: ignore[assignment]
    try:
        with CaptureQueriesContext(connection) as captured:
            refused(id_number, word)
    finally:
        security_word._HASHER = real
    return [re.sub(r"s\d+_x\d+", "savepoint", query["sql"])[:40] for query in captured], hashes


def test_a04_unknown_wrong_and_blocked_do_the_same_work(ayse: Holder) -> None:
    first_unknown, first_wrong = work_of(UNKNOWN, "yanlış"), work_of(ayse.id_number, "yanlış")
    assert first_unknown == first_wrong
    second_unknown, second_wrong = work_of(UNKNOWN, "yanlış"), work_of(ayse.id_number, "yanlış")
    assert second_unknown == second_wrong
    refused(ayse.id_number, "yanlış")
    blocked, blocked_but_right = work_of(ayse.id_number, "yanlış"), work_of(ayse.id_number, AYSE_WORD)
    assert blocked == blocked_but_right == second_unknown
    assert second_unknown[1] == 1


def test_sixty_guesses_at_once_are_three(ayse: Holder) -> None:
    def guess(_: int) -> None:
        try:
            check_word(ayse.id_number, "yanlış", now=NOW)
        except SignInRefused:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(60)))
    counted = AuditEvent.objects.filter(event__in=["word-refused", "word-blocked"], detail__counted=True)
    assert counted.count() == 3
    assert WordEntries.objects.get().wrong == 3
