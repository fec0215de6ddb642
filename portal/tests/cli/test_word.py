"""`kilitcoz holder release-word | new-word`."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from portal.tests import people
from portal.tests.marks import ON_BOTH
from pytest_django import Settings
from typer.testing import CliRunner, Result

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.cli import app
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import word_release
from kilitcoz_portal.signin.models import WordRelease

pytestmark = ON_BOTH


@pytest.fixture
def ayse(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Holder:
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    return people.ayse()


def run(command: str, number: str = "10000000146", by: str = "Zeynep Kaya") -> Result:
    return CliRunner().invoke(app, ["holder", command, "--id-number", number, "--by", by])


def test_a_release_is_printed_once_and_is_good_for_the_holder(ayse: Holder) -> None:
    printed = run("release-word").stdout
    assert re.fullmatch(r"[A-Z2-9]{4} [A-Z2-9]{4}\n", printed)
    assert word_release.use(ayse.pk, printed, timezone.now())
    assert AuditEvent.objects.get(event="word-released").detail == {"by": "Zeynep Kaya"}


def test_a_release_within_72_hours_of_a_changed_phone_is_refused_with_the_end_of_them(ayse: Holder) -> None:
    Holder.objects.update(phone_changed_at=timezone.now())
    refused = run("release-word")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("word-recovery-held: the phone was changed less than 72 hours ago")
    assert "(until 20" in refused.stderr
    assert not WordRelease.objects.exists()


def test_a_new_word_is_printed_once_and_is_the_holders_until_the_next_login(ayse: Holder) -> None:
    word = run("new-word").stdout.strip()
    holder = Holder.objects.get()
    assert security_word.matches(word, holder.security_word_hash)
    assert holder.word_expires_at is not None


@pytest.mark.parametrize("command", ["release-word", "new-word"])
def test_nobody_and_the_nameless_and_the_frozen_get_nothing(ayse: Holder, command: str) -> None:
    assert "holder-unknown" in run(command, number="20000000046").stderr
    assert run(command, by=" ").exit_code == 2
    Holder.objects.update(frozen_at=timezone.now())
    assert "holder-frozen" in run(command).stderr
    assert not AuditEvent.objects.filter(event__in=["word-released", "word-changed"]).exists()
