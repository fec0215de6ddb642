"""Every code has its sentences, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from kilitcoz_portal import operations, signin, sms, trust
from kilitcoz_portal.pages.messages import MESSAGES, tell
from kilitcoz_portal.vault.errors import RefusalCode

CODE = re.compile(r'^    code(?:: ClassVar\[str\])? = "([a-z-]+)"', re.MULTILINE)
# What only programs meet: roots of error trees, and the card service's calls.
NOT_FOR_HOLDERS = {
    "operation-error",
    "sign-in-error",
    "trust-error",
    "oidc-error",
    "passkey-error",
    "pairing-code-refused",
    "too-many-attempts",
}


def codes_raised() -> set[str]:
    """The codes of the errors that signin, sms, operations and the vault's refusals have."""
    rooms = [Path(str(room.__file__)).parent for room in (signin, sms, operations, trust)]
    files = [file for room in rooms for file in room.rglob("errors.py")]
    return {code for file in files for code in CODE.findall(file.read_text())} | set(RefusalCode)


def test_every_code_a_holder_can_meet_has_a_row() -> None:
    assert codes_raised() - NOT_FOR_HOLDERS <= set(MESSAGES)


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_row_has_a_title_what_happened_and_what_to_do(code: str, language: str) -> None:
    with translation.override(language):
        told = tell(code)
    for sentence in (told.title, told.happened, told.next_step):
        assert sentence
        assert "%(" not in sentence
        assert (re.search("[ğşıİ]", sentence) is None) or language == "tr"
    assert not told.title.endswith(".")
    assert told.happened.endswith(".")
    assert told.next_step.endswith(".")


def test_a_code_without_a_row_is_told_under_its_own_name() -> None:
    told = tell("something-new")
    assert told.code == "something-new"
    assert told.title == tell("operation-failed").title
