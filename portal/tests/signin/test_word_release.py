"""The call centre's one-time release."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from portal.tests import people
from portal.tests.people import NOW
from portal.tests.signin.recovering import release

from kilitcoz_cards.messages import PAIRING_CODE_ALPHABET
from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.signin import word_release
from kilitcoz_portal.signin.errors import RecoveryHeld
from kilitcoz_portal.signin.models import WordRelease


def test_it_is_eight_characters_without_look_alikes_stored_only_hashed(ayse: Holder) -> None:
    code = release(ayse)
    assert len(code) == 9
    assert set(code.replace(" ", "")) <= set(PAIRING_CODE_ALPHABET)
    row = WordRelease.objects.get()
    assert code.replace(" ", "") not in str(vars(row))
    assert row.made_by == "Zeynep Kaya"


def test_it_is_used_once_in_whatever_form_it_is_typed(ayse: Holder) -> None:
    code = release(ayse)
    typed = f" {code.lower().replace(' ', '-')} "
    assert word_release.use(ayse.pk, typed, NOW)
    assert not word_release.use(ayse.pk, code, NOW)


def test_it_lives_a_day(ayse: Holder) -> None:
    code = release(ayse)
    assert not word_release.use(ayse.pk, code, NOW + timedelta(hours=24))
    assert word_release.use(ayse.pk, code, NOW + timedelta(hours=23, minutes=59))


def test_a_new_one_ends_the_one_before(ayse: Holder) -> None:
    first, second = release(ayse), release(ayse)
    assert not word_release.use(ayse.pk, first, NOW)
    assert word_release.use(ayse.pk, second, NOW)


def test_it_is_one_holders(ayse: Holder) -> None:
    mehmet = people.mehmet()
    code = release(ayse)
    release(mehmet)
    assert not word_release.use(mehmet.pk, code, NOW)
    assert not word_release.use(0, code, NOW)
    assert word_release.use(ayse.pk, code, NOW)


def test_after_a_hundred_guesses_from_everywhere_it_is_dead(ayse: Holder) -> None:
    code = release(ayse)
    for _ in range(word_release.GUESSES_ALLOWED):
        assert not word_release.use(ayse.pk, "AAAA2222", NOW)
    assert not word_release.use(ayse.pk, code, NOW)


def test_used_many_times_at_once_it_is_used_once(ayse: Holder) -> None:
    code = release(ayse)

    def one(_: int) -> bool:
        try:
            return word_release.use(ayse.pk, code, NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(12))) == 1


def test_the_holder_is_told_when_it_is_made(ayse: Holder) -> None:
    release(ayse)
    assert Notice.objects.get().kind == "word-recovery"


def test_none_is_made_while_the_phones_72_hours_run_or_the_account_is_frozen(ayse: Holder) -> None:
    ayse.phone_changed_at = NOW
    with pytest.raises(RecoveryHeld, match="until 2026-11-26T10:00"):
        release(ayse)
    Holder.objects.update(frozen_at=NOW)
    ayse.phone_changed_at = None
    with pytest.raises(HolderFrozen):
        release(ayse)
    assert not WordRelease.objects.exists()
    assert not Notice.objects.exists()
