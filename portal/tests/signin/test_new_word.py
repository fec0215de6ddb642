"""A word changed by its holder, and one that staff makes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal.tests.people import AYSE_WORD, NOW
from portal.tests.signin.recovering import NEW_WORD

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import security_word, turns
from kilitcoz_portal.holders.errors import HolderFrozen, WordCommon
from kilitcoz_portal.holders.models import FormerWord, Holder
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.notices.services import NOTHING_MORE
from kilitcoz_portal.signin import lanes, new_word, words
from kilitcoz_portal.signin.errors import SignInBusy, SignInRefused
from kilitcoz_portal.signin.words import Caller


def change(holder: Holder, word: str = NEW_WORD) -> list[str]:
    done: list[str] = []
    new_word.change(holder, word, NOW, NOTHING_MORE, lambda: done.append("sessions ended"))
    return done


def enter(word: str, hours: float = 0) -> Holder:
    now = NOW + timedelta(hours=hours)
    return words.check_word("10000000146", word, caller=Caller("192.0.2.99"), now=now)


def test_a_change_is_told_and_written_down_and_ends_the_other_sessions(ayse: Holder) -> None:
    assert change(ayse) == ["sessions ended"]
    assert enter(NEW_WORD) == ayse
    assert Notice.objects.get().kind == "word-changed"
    event = AuditEvent.objects.get(event="word-changed")
    assert event.detail == {"by": "holder", "temporary": False}


def test_a_change_that_cannot_be_finished_changes_nothing(ayse: Holder) -> None:
    def fails() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        new_word.change(ayse, NEW_WORD, NOW, NOTHING_MORE, fails)
    assert enter(AYSE_WORD) == ayse
    assert not Notice.objects.exists()
    assert not FormerWord.objects.exists()


def test_trusted_browsers_stay_trusted_when_the_holder_knew_the_old_word(ayse: Holder) -> None:
    cookie = lanes.trust("", ayse, NOW)
    change(ayse)
    assert lanes.is_known(cookie, ayse, NOW)


def test_a_frozen_account_and_a_weak_word_change_nothing(ayse: Holder) -> None:
    with pytest.raises(WordCommon):
        change(ayse, "Galatasaray1905")
    Holder.objects.update(frozen_at=NOW)
    with pytest.raises(HolderFrozen):
        change(ayse)
    assert security_word.matches(AYSE_WORD, Holder.objects.get().security_word_hash)


def test_too_much_at_once_is_told_and_nothing_changes(ayse: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    def crowded(*_: object) -> bool:
        raise turns.Crowded

    monkeypatch.setattr(security_word, "matches", crowded)
    with pytest.raises(SignInBusy):
        change(ayse)
    assert not FormerWord.objects.exists()


def test_a_word_that_staff_made_lives_21_days_and_opens_what_was_closed(ayse: Holder) -> None:
    cookie = lanes.trust("", ayse, NOW)
    for hours in (0, 1, 2):
        with pytest.raises(SignInRefused):
            enter("yanlış", hours)
    made = new_word.make_temporary(ayse, NOW, lambda: None, by="Zeynep Kaya")
    assert enter(made, hours=3) == ayse
    assert enter(made, hours=21 * 24 - 0.1) == ayse
    with pytest.raises(SignInRefused):
        enter(made, hours=21 * 24)
    assert not lanes.is_known(cookie, ayse, NOW)
    assert Notice.objects.get().kind == "word-changed"
    event = AuditEvent.objects.get(event="word-changed")
    assert event.detail == {"by": "Zeynep Kaya", "temporary": True}
    assert made not in str(AuditEvent.objects.values_list())


def test_the_holders_own_word_after_it_has_no_end(ayse: Holder) -> None:
    new_word.make_temporary(ayse, NOW, lambda: None, by="Zeynep Kaya")
    change(ayse)
    assert enter(NEW_WORD, hours=22 * 24) == ayse
