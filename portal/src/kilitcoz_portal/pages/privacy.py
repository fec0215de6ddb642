"""The full text behind the short notice beside every code ("Aydınlatma metni"; Law 6698, article 10, and the
Board's principle decision 2025/1072, which asks for layers). An installation puts its own in
KILITCOZ_PRIVACY_DIR.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_DEFAULT = Path(__file__).with_name("privacy_notice")
LANGUAGES = ("tr", "en")


@dataclass(frozen=True)
class Block:
    """A paragraph, or a heading."""

    text: str
    heading: bool


def blocks(language: str) -> list[Block]:
    """The notice in this language: plain text, blocks parted by empty lines, headings after `# `."""
    folder: Path = settings.KILITCOZ_PRIVACY_DIR or _DEFAULT
    text = (folder / f"{language if language in LANGUAGES else 'tr'}.txt").read_text(encoding="utf-8")
    names = {"organisation": settings.KILITCOZ_ORGANISATION, "call_centre": settings.KILITCOZ_CALL_CENTRE}
    for name, value in names.items():
        text = text.replace(f"%({name})s", value)
    return [_block(" ".join(each.split())) for each in text.split("\n\n") if each.strip()]


def _block(text: str) -> Block:
    return Block(text.removeprefix("# "), heading=text.startswith("# "))
