"""A registrar's desk: what will be made, the next card, the steps of the one in the reader, and its end."""

from __future__ import annotations

from kilitcoz_agent.operation.operation import Batch, Step
from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import Both, desk, page
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.blocks import Block
from kilitcoz_agent.web.screens.parts import Told
from kilitcoz_agent.web.screens.screen import Screen

STEPS: dict[Step, Both] = {
    Step.LOOK: desk.STEP_LOOK,
    Step.NUMBER: desk.STEP_NUMBER,
    Step.KEYS: desk.STEP_KEYS,
    Step.WRITE: desk.STEP_WRITE,
    Step.LOCK: desk.STEP_LOCK,
}
NOBODY = Batch("", 0, 0)


def begin(told: Told) -> Screen:
    """What will happen, before anything does."""
    buttons = blocks.button(told.say(desk.BEGIN), action=Act.BEGIN, look="primary"), _stop(told)
    shown = [
        blocks.text(told.say(desk.BEGIN_TEXT), "lead"),
        blocks.number(told.operation.capability.num, told.say(desk.NUMBER)),
        _facts(told),
        blocks.buttons(*buttons),
    ]
    heading = told.say(desk.BEGIN_HEADING)
    return Screen("desk", heading, shown, status=heading)


def next_card(told: Told) -> Screen:
    """Whose card comes next; or what is wrong with the one that is in."""
    batch = told.operation.batch or NOBODY
    sentence = told.say(desk.NEXT_TEXT, person=batch.person) if batch.person else told.say(desk.NEXT_BEGUN)
    notice = told.operation.notice
    problems = [told.problem(notice.code)] if notice is not None else []
    retry = [blocks.button(told.say(page.RETRY), action=Act.RETRY)] if problems else []
    shown = [blocks.text(sentence, "lead"), _facts(told), blocks.buttons(*retry, _stop(told))]
    heading = told.say(desk.NEXT_HEADING)
    return Screen("next-card", heading, shown, problems, status=f"{heading}. {sentence}")


def making(told: Told) -> Screen:
    """The steps of this card, and which one it is."""
    order = list(STEPS)
    now = told.operation.step if told.operation.step in STEPS else Step.LOOK
    place = order.index(now)
    states = ["done" if at < place else "now" if at == place else "todo" for at in range(len(order))]
    items = [(told.say(STEPS[step]), state) for step, state in zip(order, states, strict=True)]
    shown = [blocks.text(told.say(page.LEAVE_IN), "lead"), blocks.steps(items), _facts(told)]
    return Screen("making", told.say(desk.MAKING), shown, status=told.say(STEPS[now]))


def take_out(told: Told) -> Screen:
    """The card is ready; or why it is put aside."""
    batch, notice = told.operation.batch or NOBODY, told.operation.notice
    if notice is None:
        heading, problems = told.say(desk.CARD_DONE), []
        lead = blocks.note(told.say(desk.CARD_DONE_TEXT, person=batch.person or "–"), "good")
        retry = []
    else:
        heading, problems = told.say(desk.PUT_ASIDE), [told.problem(notice.code)]
        lead = blocks.text(told.say(desk.TAKE_OUT), "lead")
        retry = [blocks.button(told.say(page.RETRY), action=Act.RETRY)]
    shown = [lead, _facts(told), blocks.buttons(*retry, _stop(told))]
    return Screen("take-out", heading, shown, problems, status=heading)


def done(told: Told) -> Screen:
    """Every card of the batch is made."""
    batch = told.operation.batch or NOBODY
    ok = blocks.button(told.say(page.OK), action=Act.CLOSE, look="primary")
    heading = told.say(desk.ALL_DONE)
    texts = [told.say(desk.ALL_DONE_TEXT, total=batch.total)]
    return Screen("done", None, [blocks.box(heading, texts, ok)], status=heading)


def _facts(told: Told) -> Block:
    """Which portal and batch, how far it is, and whose card this is."""
    batch = told.operation.batch or NOBODY
    rows = [
        (told.say(page.PORTAL), told.operation.capability.iss),
        (told.say(desk.BATCH), told.say(desk.BATCH_NUMBER, number=batch.number)),
        (told.say(desk.PROGRESS), told.say(desk.PROGRESS_OF, done=batch.done, total=batch.total)),
    ]
    if batch.person:
        rows.append((told.say(desk.PERSON), batch.person))
    if batch.application:
        rows.append((told.say(desk.APPLICATION), batch.application))
    if batch.last_four:
        rows.append((told.say(page.CARD), told.say(desk.CARD_ENDS, last_four=batch.last_four)))
    return blocks.facts(rows)


def _stop(told: Told) -> Block:
    return blocks.button(told.say(desk.STOP), action=Act.CANCEL)
