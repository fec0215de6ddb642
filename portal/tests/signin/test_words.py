"""The security word: three wrong entries, and answers that tell nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import argon2
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from portal.tests.holders.crowd import crowded
from portal.tests.people import AYSE_WORD, NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.holders.turns import FIRST, OTHERS, PROVED, Turns
from kilitcoz_portal.signin import lanes, tries, words
from kilitcoz_portal.signin.errors import SignInBusy, SignInError, SignInRefused, TriedTooSoon
from kilitcoz_portal.signin.models import NetworkEntries, TrustedBrowser, WordEntries, WordTotal
from kilitcoz_portal.signin.words import Caller, check_word

UNKNOWN = "20000000114"
STRANGER = Caller("192.0.2.1")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """No pauses between tries, except where a test is about them."""
    if "pauses" not in request.fixturenames:
        monkeypatch.setattr(tries, "PAUSES", (timedelta(0),))


@pytest.fixture
def pauses() -> None:
    """This test is about them."""


@pytest.fixture
def own(ayse: Holder) -> Caller:
    """Ayşe's own browser, which she logged in with once."""
    cookie = lanes.trust("", ayse, NOW)
    return Caller("192.0.2.7", lanes.browser_of(ayse.id_number, cookie, NOW))


def enter(id_number: str, word: str, hours: float = 0, caller: Caller = STRANGER) -> Holder:
    return check_word(id_number, word, caller=caller, now=NOW + timedelta(hours=hours))


def refused(id_number: str, word: str, hours: float = 0, caller: Caller = STRANGER) -> SignInRefused:
    with pytest.raises(SignInRefused) as refusal:
        enter(id_number, word, hours, caller)
    return refusal.value


def test_the_right_word_opens_in_any_spelling(ayse: Holder) -> None:
    assert enter("10000000146", "MAVİ KİRAZ BAHCESI") == ayse
    assert enter(" 1000 0000 146 ", AYSE_WORD) == ayse


def test_a01_three_wrong_words_block_and_the_right_one_no_longer_opens(ayse: Holder) -> None:
    for _ in range(3):
        refused(ayse.id_number, "yanlış")
    refused(ayse.id_number, AYSE_WORD)
    assert AuditEvent.objects.filter(event="word-blocked", holder_id=ayse.pk).count() == 2


def test_a01_a_trusted_browser_still_opens_when_strangers_closed_their_lane(
    ayse: Holder, own: Caller
) -> None:
    for _ in range(5):
        refused(ayse.id_number, "yanlış")
    assert enter(ayse.id_number, AYSE_WORD, caller=own) == ayse
    refused(ayse.id_number, AYSE_WORD)  # the strangers' lane stays closed


def test_a01_a_login_by_card_opens_the_strangers_lane_again(ayse: Holder) -> None:
    for _ in range(3):
        refused(ayse.id_number, "yanlış")
    words.free_by_card(ayse, NOW)
    assert enter(ayse.id_number, AYSE_WORD) == ayse
    assert AuditEvent.objects.get(event="word-freed").detail == {"by": "card-login"}


def test_a_login_by_card_with_nothing_to_free_is_not_told(ayse: Holder) -> None:
    words.free_by_card(ayse, NOW)
    assert not AuditEvent.objects.filter(event="word-freed").exists()


def test_a_blocked_word_frees_itself_after_24_hours(ayse: Holder) -> None:
    for _ in range(3):
        refused(ayse.id_number, "yanlış")
    refused(ayse.id_number, AYSE_WORD, hours=23.9)
    assert enter(ayse.id_number, AYSE_WORD, hours=24) == ayse


def test_trying_a_blocked_word_does_not_keep_it_blocked(ayse: Holder) -> None:
    for hours in (0, 0, 0, 10, 20):
        refused(ayse.id_number, "yanlış", hours)
    assert enter(ayse.id_number, AYSE_WORD, hours=24) == ayse


def test_the_right_word_gives_the_tries_back(ayse: Holder) -> None:
    for _ in range(3):
        refused(ayse.id_number, "yanlış")
        refused(ayse.id_number, "yanlış")
        enter(ayse.id_number, AYSE_WORD)
    assert WordEntries.objects.get().wrong == WordTotal.objects.get().wrong == 0
    assert (
        NetworkEntries.objects.get(network="192.0.2.1").wrong == 6
    )  # right ones do not count, wrong ones do


def test_only_a_trusted_browser_is_told_its_tries_and_its_third_wrong_word_ends_the_trust(
    ayse: Holder, own: Caller
) -> None:
    assert refused(ayse.id_number, "yanlış").tries_left is None
    left = [refused(ayse.id_number, "yanlış", caller=own).tries_left for _ in range(3)]
    assert left == [2, 1, 0]
    assert TrustedBrowser.objects.get().revoked_at is not None
    assert AuditEvent.objects.get(event="browsers-distrusted").holder_id == ayse.pk


def test_a_trusted_browsers_entries_do_not_count_against_its_network(ayse: Holder, own: Caller) -> None:
    refused(ayse.id_number, "yanlış", caller=own)
    assert [row.network for row in NetworkEntries.objects.all()] == ["everywhere"]


def test_thirty_wrong_entries_in_all_lanes_close_the_word_until_the_call_centre_frees_it(
    ayse: Holder, own: Caller
) -> None:
    for day in range(10):
        for _ in range(3):
            refused(ayse.id_number, "yanlış", hours=25 * day)
    refused(ayse.id_number, AYSE_WORD, hours=300)
    refused(ayse.id_number, AYSE_WORD, hours=300, caller=own)
    words.free_by_card(ayse, NOW)
    refused(ayse.id_number, AYSE_WORD, hours=301)
    words.free(ayse, by="Zeynep Kaya", now=NOW)
    assert enter(ayse.id_number, AYSE_WORD, hours=301) == ayse
    assert AuditEvent.objects.filter(event="word-freed").last().detail == {"by": "Zeynep Kaya"}  # type: ignore[union-attr]  # it is there


def test_a_right_word_in_between_begins_the_count_of_thirty_anew(ayse: Holder, own: Caller) -> None:
    for day in range(9):
        for _ in range(3):
            refused(ayse.id_number, "yanlış", hours=25 * day)
    enter(ayse.id_number, AYSE_WORD, hours=226, caller=own)
    for day in range(10, 19):
        for _ in range(3):
            refused(ayse.id_number, "yanlış", hours=25 * day)
    assert enter(ayse.id_number, AYSE_WORD, hours=500) == ayse


def test_counts_that_are_over_are_cleared_away(ayse: Holder) -> None:
    refused(UNKNOWN, "yanlış")
    refused(ayse.id_number, "yanlış")
    tries.forget_old(NOW + timedelta(hours=23))
    assert WordEntries.objects.count() == 2
    tries.forget_old(NOW + timedelta(days=7))
    assert not WordEntries.objects.exists()
    assert WordTotal.objects.get().enrolled  # a stranger's number is forgotten, a holder's count is not


def test_the_counts_name_nobody(ayse: Holder) -> None:
    refused(ayse.id_number, "yanlış")
    assert ayse.id_number not in WordEntries.objects.get().subject
    assert not AuditEvent.objects.filter(detail__icontains=ayse.id_number).exists()


def test_tries_one_after_the_other_are_looked_at_ever_more_slowly(ayse: Holder, pauses: None) -> None:
    moment, waits = NOW, []
    for _ in range(7):
        with pytest.raises(SignInRefused):
            check_word(UNKNOWN, "yanlış", caller=STRANGER, now=moment)
        pause = WordEntries.objects.get().next_at - moment
        waits.append(pause.total_seconds())
        moment += pause
    assert waits == [0, 2, 5, 15, 30, 60, 60]


def test_what_came_too_soon_costs_no_try_and_no_hash(ayse: Holder, pauses: None) -> None:
    refused(ayse.id_number, "yanlış")
    refused(ayse.id_number, "yanlış")
    with pytest.raises(TriedTooSoon):
        enter(ayse.id_number, AYSE_WORD)
    assert WordEntries.objects.get().wrong == WordTotal.objects.get().wrong == 2
    assert NetworkEntries.objects.get(network="192.0.2.1").wrong == 2


def test_the_pauses_do_not_tell_whether_the_holder_came_in(ayse: Holder, pauses: None) -> None:
    seen = []
    for id_number, word in ((ayse.id_number, AYSE_WORD), (UNKNOWN, "yanlış")):
        NetworkEntries.objects.all().delete()
        for seconds, entered in ((0, "yanlış"), (1, word), (10, "yanlış")):
            with suppress(SignInRefused):
                check_word(id_number, entered, caller=STRANGER, now=NOW + timedelta(seconds=seconds))
        with pytest.raises(TriedTooSoon) as early:
            check_word(id_number, "yanlış", caller=STRANGER, now=NOW + timedelta(seconds=11))
        seen.append(early.value.wait_seconds)
    assert seen[0] == seen[1] == 4


def test_where_no_turn_is_to_be_had_nothing_is_counted(
    ayse: Holder, own: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(1, seats=1)
    monkeypatch.setattr(security_word, "TURNS", turns)
    with crowded(turns):
        with pytest.raises(SignInBusy):
            words.require_room(STRANGER, NOW)
        with pytest.raises(SignInBusy):
            enter(ayse.id_number, AYSE_WORD)
        words.require_room(own, NOW)
    assert STRANGER.rank(NOW) == OTHERS + 2  # who presses on waits behind who does not
    for count in (*WordEntries.objects.all(), *WordTotal.objects.all(), *NetworkEntries.objects.all()):
        assert count.wrong == 0
    assert enter(ayse.id_number, AYSE_WORD) == ayse


def test_who_worked_for_it_goes_before_every_other_stranger_and_after_the_trusted(own: Caller) -> None:
    worked = replace(STRANGER, proved=True)
    assert own.rank(NOW) == FIRST
    assert worked.rank(NOW) == PROVED
    NetworkEntries.objects.create(
        network=STRANGER.network, window_began_at=NOW, next_at=NOW, wrong=5000, turned_away=7
    )
    assert worked.rank(NOW + timedelta(minutes=59)) == OTHERS - 1
    assert STRANGER.rank(NOW + timedelta(minutes=59)) == OTHERS + 5007
    assert STRANGER.rank(NOW + timedelta(minutes=60)) == OTHERS


def test_a_word_with_a_hash_of_old_is_hashed_anew_when_it_is_entered_rightly(
    ayse: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ayse.security_word_hash
    enter(ayse.id_number, AYSE_WORD)
    ayse.refresh_from_db()
    assert ayse.security_word_hash == before
    monkeypatch.setattr(security_word, "_HASHER", argon2.PasswordHasher(2, 8, 1))
    refused(ayse.id_number, "yanlış")
    ayse.refresh_from_db()
    assert ayse.security_word_hash == before
    enter(ayse.id_number, AYSE_WORD)
    ayse.refresh_from_db()
    assert "m=8,t=2,p=1" in ayse.security_word_hash
    assert AuditEvent.objects.filter(event="word-accepted", detail__rehashed=True).count() == 1
    assert enter(ayse.id_number, AYSE_WORD) == ayse


def work_of(id_number: str, word: str) -> tuple[list[str], int]:
    """The shapes of the queries, and how many hashes were computed."""
    hashes = 0

    class Counting:
        def verify(self, word_hash: str, word: bytes) -> bool:
            nonlocal hashes
            hashes += 1
            return real.verify(word_hash, word)

    real, security_word._HASHER = security_word._HASHER, Counting()  # type: ignore[assignment]  # in its place
    try:
        with CaptureQueriesContext(connection) as captured:
            refused(id_number, word)
    finally:
        security_word._HASHER = real
    return [re.sub(r"s\d+_x\d+", "savepoint", query["sql"])[:40] for query in captured], hashes


def test_a04_unknown_wrong_and_blocked_do_the_same_work(ayse: Holder) -> None:
    refused("20000000046", "yanlış")  # the network and the whole are counted already
    first_unknown, first_wrong = work_of(UNKNOWN, "yanlış"), work_of(ayse.id_number, "yanlış")
    assert first_unknown == first_wrong
    second_unknown, second_wrong = work_of(UNKNOWN, "yanlış"), work_of(ayse.id_number, "yanlış")
    assert second_unknown == second_wrong == first_unknown
    refused(ayse.id_number, "yanlış")
    blocked, blocked_but_right = work_of(ayse.id_number, "yanlış"), work_of(ayse.id_number, AYSE_WORD)
    assert blocked == blocked_but_right == second_unknown
    assert second_unknown[1] == 1


def test_sixty_guesses_at_once_are_three(ayse: Holder) -> None:
    def guess(_: int) -> None:
        try:
            enter(ayse.id_number, "yanlış")
        except SignInError:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(60)))
    counted = AuditEvent.objects.filter(event__in=["word-refused", "word-blocked"], detail__counted=True)
    assert counted.count() == 3
    assert WordTotal.objects.get().wrong == 3
