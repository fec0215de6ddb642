"""Figures 7 and 8: the screens on which PINs are typed, and the question whether the old one is known."""

from __future__ import annotations

from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import page
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.blocks import Block
from kilitcoz_agent.web.screens.parts import Told, cancel, compare, facts
from kilitcoz_agent.web.screens.screen import Screen

CURRENT_WRONG = "current-pin-wrong"


def not_blocked(told: Told) -> Screen:
    """The card is not locked: whoever knows the PIN changes it, whoever forgot it goes on."""
    known = blocks.button(told.say(page.I_KNOW), action=Act.KNOWN, look="primary")
    forgotten = blocks.button(told.say(page.I_FORGOT), action=Act.FORGOTTEN, look="primary")
    shown = [
        blocks.text(told.say(page.NOT_BLOCKED_TEXT), "lead"),
        blocks.buttons(known, forgotten),
        compare(told),
        facts(told),
        blocks.buttons(cancel(told)),
    ]
    return Screen("not-blocked", told.say(page.NOT_BLOCKED), shown)


def new_pin(told: Told) -> Screen:
    """The manual's Kilit Çözme Ekranı."""
    form = blocks.form(Act.SET_PIN, told.say(page.MAKE_PIN), _new_pin_fields(told), _reveal(told))
    aside = (
        [blocks.button(told.say(page.I_KNOW_NOW), action=Act.KNOWN)]
        if Act.KNOWN in told.operation.acts
        else []
    )
    return _pin_screen("new-pin", told, form, aside)


def change_pin(told: Told) -> Screen:
    """The same with the present PIN, which the card checks."""
    notice = told.operation.notice
    error, hint = told.mistake("current"), None
    if notice is not None and notice.code == CURRENT_WRONG and not told.mistyped:
        error, hint = told.error(CURRENT_WRONG), _tries_hint(told, notice.retries_left)
    current = blocks.field("current", told.say(page.CURRENT_PIN), secret=True, hint=hint, error=error)
    fields = [current, *_new_pin_fields(told)]
    form = blocks.form(Act.CHANGE_PIN, told.say(page.CHANGE_IT), fields, _reveal(told))
    may_forget = Act.FORGOTTEN in told.operation.acts
    aside = [blocks.button(told.say(page.I_FORGOT_NOW), action=Act.FORGOTTEN)] if may_forget else []
    return _pin_screen("change-pin", told, form, aside)


def _pin_screen(name: str, told: Told, form: Block, aside: list[Block]) -> Screen:
    promise = (
        page.PROMISES.get(told.operation.decision.promise) if told.operation.decision is not None else None
    )
    shown = [
        compare(told),
        facts(told),
        *([blocks.note(told.say(promise), "good")] if promise is not None else []),
        form,
        blocks.buttons(*aside, cancel(told)),
        blocks.text(told.say(page.E_APPROVAL), "about"),
    ]
    problems = [] if told.mistyped else _problems(told)
    return Screen(name, told.say(page.SCREEN_HEADING), shown, problems)


def _problems(told: Told) -> list[Block]:
    """What the last attempt came to."""
    notice = told.operation.notice
    if notice is None:
        return []
    if notice.code == "portal-unreachable":
        return [{"text": told.say(page.RELEASE_GONE), "code": None, "field": "pin"}]
    return [told.problem(notice.code, "current" if notice.code == CURRENT_WRONG else "pin")]


def _new_pin_fields(told: Told) -> list[Block]:
    hint = told.say(page.PIN_HINT, **told.lengths)
    return [
        blocks.field("pin", told.say(page.NEW_PIN), secret=True, hint=hint, error=told.mistake("pin")),
        blocks.field("repeat", told.say(page.REPEAT_PIN), secret=True, error=told.mistake("repeat")),
    ]


def _tries_hint(told: Told, left: int | None) -> str | None:
    if left is None:
        return None
    if left == 1 and Act.FORGOTTEN in told.operation.acts:
        return told.say(page.LAST_TRY)
    return told.say(page.TRIES_LEFT_NOW, count=left)


def _reveal(told: Told) -> Block:
    return {"show": told.say(page.SHOW_PIN), "hide": told.say(page.HIDE_PIN)}
