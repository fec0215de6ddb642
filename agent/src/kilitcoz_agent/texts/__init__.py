"""Every sentence a holder reads, Turkish first, English beside it. Only literal data and the lookup of a
language.
"""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """The languages of the local page."""

    TURKISH = "tr"
    ENGLISH = "en"


Both = tuple[str, str]
"""One sentence: Turkish, English."""


def say(both: Both, language: Language, **values: str | int) -> str:
    """The sentence in this language, its `{names}` filled in."""
    return both[0 if language is Language.TURKISH else 1].format(**values)
