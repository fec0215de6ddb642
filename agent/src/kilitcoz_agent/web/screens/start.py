"""Before there is an operation: the service runs; the portal brings people here, or a typed code does."""

from __future__ import annotations

from collections.abc import Mapping

from kilitcoz_agent.texts import Language, page, say
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.screens.parts import error_sentence
from kilitcoz_agent.web.screens.screen import Screen
from kilitcoz_agent.web.screens.words import WORDS
from kilitcoz_cards.messages import OperationKind


def farewell(
    done: OperationKind, portals: tuple[str, ...], mistyped: Mapping[str, str], language: Language
) -> Screen:
    """After "OK" where the browser has nowhere to go back to; the next holder's code can be typed at once."""
    heading = say(page.FAREWELL, language)
    told = [
        blocks.note(say(WORDS[done].closed, language), "good"),
        blocks.text(say(page.FAREWELL_TEXT, language), "lead"),
    ]
    return Screen("farewell", heading, told + (_third_door(portals, mistyped, language) if portals else []))


def start(portals: tuple[str, ...], mistyped: Mapping[str, str], language: Language) -> Screen:
    """The start page, with the third door."""
    heading = say(page.START_HEADING, language)
    if not portals:
        return Screen("start", heading, [blocks.note(say(page.NO_PORTAL, language))])
    lead = blocks.text(say(page.START_LEAD, language), "lead")
    return Screen("start", heading, [lead, *_third_door(portals, mistyped, language)])


def _third_door(
    portals: tuple[str, ...], mistyped: Mapping[str, str], language: Language
) -> list[blocks.Block]:
    """Where a pairing code is typed and, with several portals, which one showed it."""
    error = error_sentence(mistyped["pairing_code"], language) if "pairing_code" in mistyped else None
    hint = say(page.PAIRING_HINT, language)
    typed = [
        blocks.field("pairing_code", say(page.PAIRING_CODE, language), secret=False, hint=hint, error=error)
    ]
    go_on = say(page.GO_ON, language)
    asked = blocks.form("pair", go_on, typed)
    if len(portals) > 1:
        options = [blocks.option(each, each, "", place=place) for place, each in enumerate(portals)]
        asked = blocks.choice("pair", "portal", say(page.PAIRING_PORTAL, language), options, go_on, typed)
    return [blocks.text(say(page.START_CODE, language)), asked]
