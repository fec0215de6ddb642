"""Before there is an operation: the service runs; the portal brings people here, or a typed code does."""

from __future__ import annotations

from collections.abc import Mapping

from kilitcoz_agent.texts import Language, page, say
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.screens.parts import error_sentence
from kilitcoz_agent.web.screens.screen import Screen


def farewell(language: Language) -> Screen:
    """After "OK" where the browser has nowhere to go back to."""
    heading = say(page.FAREWELL, language)
    told = [say(page.PIN_CHANGED, language) + ".", say(page.FAREWELL_TEXT, language)]
    return Screen("farewell", heading, [blocks.note(told[0], "good"), blocks.text(told[1], "lead")])


def start(portals: tuple[str, ...], mistyped: Mapping[str, str], language: Language) -> Screen:
    """The start page, with the third door."""
    heading = say(page.START_HEADING, language)
    if not portals:
        return Screen("start", heading, [blocks.note(say(page.NO_PORTAL, language))])
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
    lead = blocks.text(say(page.START_LEAD, language), "lead")
    return Screen("start", heading, [lead, blocks.text(say(page.START_CODE, language)), asked])
