"""Work under way, figure 9, and every other end."""

from __future__ import annotations

from kilitcoz_agent.operation.operation import Step
from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import Both, login, page
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.screens.login import done as signed_in
from kilitcoz_agent.web.screens.parts import Told, cancel, facts, row_of
from kilitcoz_agent.web.screens.screen import Screen

STEPS_OF_LOGIN: dict[Step, Both] = {Step.CARD: login.STEP_CARD, Step.REPORT: login.STEP_REPORT}

ENDED_HEADINGS: dict[str, Both] = {"cancelled-by-holder": page.CANCELLED, "card-lost": page.IN_DOUBT}
HEADINGS_OF_LOGIN: dict[str, Both] = {"login-pin-blocked": login.CARD_LOCKED}


def portal_gone(told: Told) -> Screen:
    """The portal does not answer; nothing is lost."""
    retry = blocks.button(told.say(page.RETRY), action=Act.RETRY, look="primary")
    shown = [
        blocks.text(told.say(page.PORTAL_GONE_TEXT), "lead"),
        blocks.buttons(retry, cancel(told)),
        facts(told),
    ]
    heading = told.say(page.PORTAL_GONE)
    return Screen("portal-gone", heading, shown, status=heading)


def working(told: Told) -> Screen:
    """The steps, and which one it is."""
    steps = _steps(told)
    order = list(steps)
    now = told.operation.step or order[0]
    items = [(told.say(steps[step]), _state(order.index(step), order.index(now))) for step in order]
    shown = [blocks.text(told.say(page.LEAVE_IN), "lead"), blocks.steps(items)]
    heading = told.say(login.WORKING if told.operation.is_login else told.pin_words.working)
    return Screen("working", heading, shown, status=told.say(steps[now]))


def _steps(told: Told) -> dict[Step, Both]:
    if told.operation.is_login:
        return STEPS_OF_LOGIN
    words = told.pin_words
    return {Step.PORTAL: page.STEP_PORTAL, Step.CARD: words.step_card, Step.REPORT: words.step_report}


def _state(place: int, now: int) -> str:
    if place == now:
        return "now"
    return "done" if place < now else "todo"


def done(told: Told) -> Screen:
    """The information box: the PIN was changed, or set for the first time; or the end of a login."""
    operation = told.operation
    if operation.is_login:
        return signed_in(told)
    texts = [told.say(told.pin_words.done_text)]
    if operation.reporting:
        texts.append(told.say(page.PIN_CHANGED_UNREPORTED))
    elif operation.return_to is None:
        texts.append(told.say(page.BACK_AT_PORTAL))
    to = operation.return_to
    ok = blocks.button(told.say(page.OK), href=to, action=None if to else Act.CLOSE, look="primary")
    heading = told.say(told.pin_words.done)
    return Screen("done", None, [blocks.box(heading, texts, ok)], status=heading)


def ended(told: Told) -> Screen:
    """Any other end: what happened, what to do, and the way back."""
    code = told.operation.ended_by or "internal-error"
    row = row_of(code, in_a_login=told.operation.is_login)
    to = told.operation.return_to or f"{told.operation.capability.iss}/"
    shown = [
        blocks.text(told.say(row.happened), "lead"),
        blocks.text(told.say(row.next_step, **told.lengths)),
        blocks.buttons(blocks.button(told.say(page.TO_PORTAL), href=to, look="primary")),
        blocks.text(told.say(page.CODE, code=code), "about"),
    ]
    headings = HEADINGS_OF_LOGIN if told.operation.is_login else ENDED_HEADINGS
    heading = told.say(headings.get(code, page.ENDED))
    return Screen("ended", heading, shown, status=heading)
