"""Work under way, figure 9, and every other end."""

from __future__ import annotations

from collections.abc import Callable

from kilitcoz_agent.operation.operation import Step
from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import Both, login, page
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.screens import desk
from kilitcoz_agent.web.screens.login import done as signed_in
from kilitcoz_agent.web.screens.parts import Told, cancel, facts, row_of
from kilitcoz_agent.web.screens.renew import done as renewed
from kilitcoz_agent.web.screens.screen import Screen
from kilitcoz_agent.web.screens.sign import done as signed
from kilitcoz_cards.messages import OperationKind

#: Kinds that end well in words of their own.
DONE: dict[OperationKind, Callable[[Told], Screen]] = {
    OperationKind.LOGIN: signed_in,
    OperationKind.SIGN: signed,
    OperationKind.PERSONALISE: desk.done,
    OperationKind.RENEW: renewed,
}

ENDED_HEADINGS: dict[str, Both] = {"cancelled-by-holder": page.CANCELLED, "card-lost": page.IN_DOUBT}
HEADINGS_OF: dict[OperationKind, dict[str, Both]] = {
    OperationKind.LOGIN: {"login-pin-blocked": login.CARD_LOCKED},
    OperationKind.SIGN: {"sign-pin-blocked": login.CARD_LOCKED},
    OperationKind.RENEW: {"renew-pin-blocked": login.CARD_LOCKED, "cancelled-by-holder": page.CANCELLED},
}


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
    heading = told.say(told.work_words.working)
    return Screen("working", heading, shown, status=told.say(steps[now]))


def _steps(told: Told) -> dict[Step, Both]:
    words = told.work_words
    steps = {Step.CARD: words.step_card, Step.REPORT: words.step_report}
    return steps if told.operation.signs else {Step.PORTAL: page.STEP_PORTAL, **steps}


def _state(place: int, now: int) -> str:
    if place == now:
        return "now"
    return "done" if place < now else "todo"


def done(told: Told) -> Screen:
    """The information box: the PIN was changed, or set for the first time; or the end of a login or a
    signature.
    """
    operation = told.operation
    if operation.capability.kind in DONE:
        return DONE[operation.capability.kind](told)
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
    code, kind = told.operation.ended_by or "internal-error", told.operation.capability.kind
    row = row_of(code, kind)
    to = told.operation.return_to or f"{told.operation.capability.iss}/"
    shown = [
        blocks.text(told.say(row.happened), "lead"),
        blocks.text(told.say(row.next_step, **told.lengths)),
        blocks.buttons(blocks.button(told.say(page.TO_PORTAL), href=to, look="primary")),
        blocks.text(told.say(page.CODE, code=code), "about"),
    ]
    headings = HEADINGS_OF.get(kind, ENDED_HEADINGS)
    heading = told.say(headings.get(code, page.ENDED))
    return Screen("ended", heading, shown, status=heading)
