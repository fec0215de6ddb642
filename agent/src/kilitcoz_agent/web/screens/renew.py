"""A renewal: what will be done with the card, and the PIN; and the good end."""

from __future__ import annotations

from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import login, page, renewal
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.screens.parts import Told, compare, facts, pin_form, pin_problems
from kilitcoz_agent.web.screens.screen import Screen


def renewing(told: Told) -> Screen:
    """One PIN field, below what will be done."""
    shown = [
        compare(told),
        facts(told),
        blocks.note(told.say(renewal.WHAT)),
        pin_form(told, Act.RENEW, renewal.RENEW),
        blocks.note(told.say(login.PROMISE), "good"),
        blocks.text(told.say(renewal.FORGOT), "about"),
    ]
    problems = [] if told.mistyped else pin_problems(told, "pin")
    return Screen("renew", told.say(renewal.SCREEN_HEADING), shown, problems)


def done(told: Told) -> Screen:
    """The way back to the portal, where the dates are."""
    texts = [told.say(renewal.RENEWED_TEXT)]
    to = told.operation.return_to
    if to is None:
        texts.append(told.say(page.BACK_AT_PORTAL))
    ok = blocks.button(told.say(page.OK), href=to, action=None if to else Act.CLOSE, look="primary")
    heading = told.say(renewal.RENEWED)
    return Screen("done", None, [blocks.box(heading, texts, ok)], status=heading)
