"""Figures 7 and 8: the screens on which PINs are typed, and the question whether the old one is known."""

from __future__ import annotations

from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import Both, page
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.blocks import Block
from kilitcoz_agent.web.screens.parts import Told, cancel, compare, facts, row_of
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
    """The manual's Kilit Çözme Ekranı, or the same for a card's first PIN."""
    known = blocks.button(told.say(page.I_KNOW_NOW), action=Act.KNOWN)
    aside = [*([known] if Act.KNOWN in told.operation.acts else []), cancel(told)]
    words, decision = told.pin_words, told.operation.decision
    form = blocks.form(
        Act.SET_PIN, told.say(words.make_pin), _new_pin_fields(told), reveal=_reveal(told), aside=aside
    )
    promise = words.promises.get(decision.promise) if decision is not None else None
    return _pin_screen("new-pin", told, form, promise)


def change_pin(told: Told) -> Screen:
    """The same with the present PIN, which the card checks."""
    error = told.mistake("current")
    if error is None and _current_was_wrong(told):
        error = _wrong_current_pin(told)
    current = blocks.field("current", told.say(page.CURRENT_PIN), secret=True, error=error)
    fields = [current, *_new_pin_fields(told)]
    forgot = blocks.button(told.say(page.I_FORGOT_NOW), action=Act.FORGOTTEN)
    aside = [*([forgot] if Act.FORGOTTEN in told.operation.acts else []), cancel(told)]
    form = blocks.form(Act.CHANGE_PIN, told.say(page.CHANGE_IT), fields, reveal=_reveal(told), aside=aside)
    return _pin_screen("change-pin", told, form, page.CHANGE_PROMISE)


def _pin_screen(name: str, told: Told, form: Block, promise: Both | None) -> Screen:
    shown = [
        compare(told),
        facts(told),
        form,
        *([blocks.note(told.say(promise), "good")] if promise is not None else []),
        blocks.text(told.say(told.pin_words.about), "about"),
    ]
    problems = [] if told.mistyped else _problems(told)
    return Screen(name, told.say(told.words.screen_heading), shown, problems)


def _problems(told: Told) -> list[Block]:
    """What the last attempt came to."""
    notice = told.operation.notice
    if notice is None:
        return []
    if notice.code == CURRENT_WRONG:
        return [{"text": _wrong_current_pin(told), "code": None, "field": "current"}]
    if notice.code == "portal-unreachable":
        return [{"text": told.say(page.RELEASE_GONE), "code": None, "field": "pin"}]
    return [told.problem(notice.code, "pin")]


def _current_was_wrong(told: Told) -> bool:
    return told.operation.notice is not None and told.operation.notice.code == CURRENT_WRONG


def _wrong_current_pin(told: Told) -> str:
    """What is wrong, and how often one may still try."""
    happened = told.say(row_of(CURRENT_WRONG).happened)
    left = told.operation.notice.retries_left if told.operation.notice is not None else None
    if left is None:
        return happened
    if left > 1:
        return f"{happened} {told.say(page.TRIES_LEFT_NOW, count=left)}"
    last = page.LAST_TRY if Act.FORGOTTEN in told.operation.acts else page.LAST_TRY_AT_ALL
    return f"{happened} {told.say(last)}"


def _new_pin_fields(told: Told) -> list[Block]:
    words, hint = told.pin_words, told.say(page.PIN_HINT, **told.lengths)
    return [
        blocks.field("pin", told.say(words.new_pin), secret=True, hint=hint, error=told.mistake("pin")),
        blocks.field("repeat", told.say(words.repeat_pin), secret=True, error=told.mistake("repeat")),
    ]


def _reveal(told: Told) -> Block:
    return {"show": told.say(page.SHOW_PIN), "hide": told.say(page.HIDE_PIN)}
