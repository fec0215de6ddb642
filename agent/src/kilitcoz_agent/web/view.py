"""What the page shows: a pure function of the service's state, the language and what was just mistyped.

The frame is made here, the screens in `screens`. A view holds no PIN; the one secret in it is the completion
secret in the address behind "OK", which is meant for this very browser.
"""

from __future__ import annotations

from collections.abc import Mapping

from kilitcoz_agent.operation.operation import Operation
from kilitcoz_agent.texts import Both, Language, page, say
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.blocks import Block
from kilitcoz_agent.web.screens import SCREENS
from kilitcoz_agent.web.screens.parts import Told, error_sentence
from kilitcoz_agent.web.screens.screen import Screen
from kilitcoz_agent.web.screens.start import farewell, start
from kilitcoz_agent.web.screens.words import WORDS
from kilitcoz_cards.messages import OperationKind

OTHER = {Language.TURKISH: (Language.ENGLISH, "English"), Language.ENGLISH: (Language.TURKISH, "Türkçe")}


def view(
    *,
    version: int,
    language: Language,
    operation: Operation | None,
    portals: tuple[str, ...],
    done: OperationKind | None = None,
    problem: str | None = None,
    mistyped: Mapping[str, str] | None = None,
) -> Block:
    """The whole page as data. `done`: an operation of this kind was just closed well; `problem`: a code about
    a door; `mistyped`: field → code.
    """
    wrong = dict(mistyped or {})
    if operation is None:
        screen = start(portals, wrong, language) if done is None else farewell(done, portals, wrong, language)
    else:
        screen = SCREENS[operation.phase](Told(operation, language, wrong))
    kind = done if operation is None else operation.capability.kind
    place = WORDS[kind].screen_heading if kind is not None else page.SCREEN_HEADING
    return {
        **frame(language, screen, place),
        "version": version,
        "blocks": _blocks(screen, problem, wrong, language),
    }


def frame(language: Language, screen: Screen, place: Both) -> Block:
    """What is around the blocks; `place` ends the breadcrumb."""
    other, other_name = OTHER[language]
    return {
        "language": language.value,
        "screen": screen.name,
        "title": f"{screen.heading or screen.status} – {say(page.BRAND, language)}",
        "brand": say(page.BRAND, language),
        "skip": say(page.SKIP, language),
        "other_language": {"code": other.value, "name": other_name},
        "trail_label": say(page.TRAIL_LABEL, language),
        "trail": [say(page.MAIN_HEADING, language), say(place, language)],
        "main_heading": say(page.MAIN_HEADING, language),
        "heading": screen.heading,
        "status": screen.status,
    }


def _blocks(screen: Screen, problem: str | None, wrong: Mapping[str, str], language: Language) -> list[Block]:
    """The screen's blocks below the box of problems: of a door, of the screen, of what was mistyped."""
    items = []
    if problem is not None:
        code = say(page.CODE, language, code=problem)
        items.append({"text": error_sentence(problem, language), "code": code, "field": None})
    items += screen.problems
    if not screen.problems:
        items += _mistakes(screen, wrong, language)
    return [*([blocks.problem(say(page.PROBLEM, language), items)] if items else []), *screen.blocks]


def _mistakes(screen: Screen, wrong: Mapping[str, str], language: Language) -> list[Block]:
    """What stands at the fields, once more at the top, each leading to its field."""
    fields = {field["name"]: field for block in screen.blocks for field in block.get("fields", [])}
    items = []
    for name, code in wrong.items():
        at_field = fields.get(name, {}).get("error")
        items.append(
            {
                "text": at_field or error_sentence(code, language),
                "code": None,
                "field": name if at_field else None,
            }
        )
    return items
