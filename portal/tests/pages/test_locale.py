"""English is complete, current and compiled."""

from __future__ import annotations

import shutil
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

import kilitcoz_portal

PACKAGE = Path(str(kilitcoz_portal.__file__)).parent
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")


def test_no_sentence_is_untranslated() -> None:
    po = polib.pofile(str(PACKAGE / CATALOGUE))
    assert [entry.msgid for entry in po if not entry.msgstr or entry.fuzzy or entry.obsolete] == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    po = polib.pofile(str(PACKAGE / CATALOGUE))
    mo = polib.mofile(str((PACKAGE / CATALOGUE).with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in po} == {entry.msgid: entry.msgstr for entry in mo}


def test_placeholders_and_tags_are_the_same_on_both_sides() -> None:
    for entry in polib.pofile(str(PACKAGE / CATALOGUE)):
        for mark in ("%(", "<strong", "<a ", "{}"):
            assert entry.msgid.count(mark) == entry.msgstr.count(mark), entry.msgid


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs GNU gettext")
def test_the_catalogue_has_the_sentences_of_the_code_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "package"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "voices", "*.mo"))
    monkeypatch.chdir(copy)
    call_command("makemessages", locale=["en"], no_obsolete=True, verbosity=0)
    written = {entry.msgid for entry in polib.pofile(str(PACKAGE / CATALOGUE))}
    assert {entry.msgid for entry in polib.pofile(str(copy / CATALOGUE))} == written
