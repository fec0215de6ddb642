"""The pepper can be changed, and what it was before still opens words until they moved."""

from __future__ import annotations

from pathlib import Path

import pytest
from portal.tests import people
from pytest_django import Settings

from kilitcoz_portal.holders import peppers, security_word


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and cheap hashes."""
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_DATA_DIR = tmp_path
    return tmp_path


def change_pepper(folder: Path) -> None:
    """As docs/operations/keys.md says."""
    (folder / "pepper.key").rename(folder / f"pepper-{peppers.current().id}.key")


def test_after_a_change_the_old_hash_opens_and_is_to_be_made_anew(folder: Path) -> None:
    before = security_word.hash_word("kiraz bahçesi")
    change_pepper(folder)
    assert security_word.matches("kiraz bahçesi", before)
    assert not security_word.matches("kiraz bahçem", before)
    assert security_word.is_outdated(before)
    after = security_word.hash_word("kiraz bahçesi")
    assert after.partition("$")[0] == peppers.current().id != before.partition("$")[0]
    assert not security_word.is_outdated(after)


def test_without_its_pepper_a_hash_opens_for_nobody_and_it_is_logged(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = security_word.hash_word("kiraz bahçesi")
    (folder / "pepper.key").unlink()
    assert not security_word.matches("kiraz bahçesi", before)
    assert "pepper-unknown" in caplog.text


@pytest.mark.parametrize("name", ["../secret", "a/b", "."])
def test_a_name_that_is_none_reaches_no_file(folder: Path, name: str) -> None:
    assert peppers.by_id(name) == peppers.current()


def test_a_pepper_shows_itself_to_nobody(folder: Path) -> None:
    assert peppers.current().key.hex() not in repr(peppers.current())
    assert repr(peppers.current().key) not in repr(peppers.current())
