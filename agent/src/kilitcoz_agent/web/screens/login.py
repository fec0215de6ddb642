"""A login: whose PIN is asked for and who will be logged in by it, the last try, and the way back."""

from __future__ import annotations

from kilitcoz_agent.operation.operation import Door, Operation
from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import login, page, sign
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.blocks import Block
from kilitcoz_agent.web.screens.parts import Told, cancel, compare, facts, pin_form, pin_problems
from kilitcoz_agent.web.screens.screen import Screen
from kilitcoz_cards.messages import Network


def sign_in(told: Told) -> Screen:
    """One PIN field, below who will be logged in by it."""
    shown = [
        compare(told),
        facts(told),
        *_warnings(told),
        pin_form(told, Act.SIGN_IN, login.SIGN_IN),
        blocks.note(told.say(login.PROMISE), "good"),
        blocks.text(told.say(login.FORGOT), "about"),
    ]
    problems = [] if told.mistyped else pin_problems(told, "pin")
    return Screen("sign-in", told.say(login.SCREEN_HEADING), shown, problems)


def last_try(told: Told) -> Screen:
    """Before the try that may lock the card, in a login or a signature."""
    card = told.operation.card
    known = card is not None and card.identification.pin.retries_left is not None
    shown = [
        blocks.note(told.say(login.LAST_TRY_TEXT if known else login.UNTOLD_TEXT)),
        blocks.text(told.say(login.FORGOT if told.operation.is_login else sign.FORGOT)),
        blocks.buttons(blocks.button(told.say(login.SPEND_IT), action=Act.LAST_TRY), cancel(told)),
        facts(told),
    ]
    heading = told.say(login.LAST_TRY)
    return Screen("last-try", heading, shown, pin_problems(told, None), status=heading)


def done(told: Told) -> Screen:
    """Behind a link, the way back; behind a typed code, the number for the other browser."""
    operation = told.operation
    heading = told.say(login.CONFIRMED)
    if operation.confirmation is not None:
        number = blocks.number(operation.confirmation, told.say(login.CONFIRMATION))
        beware = blocks.note(told.say(login.KEEP_NUMBER))
        ok = blocks.buttons(blocks.button(told.say(page.OK), action=Act.CLOSE, look="primary"))
        return Screen("done", heading, [number, beware, ok], status=heading)
    to = operation.return_to
    go_on = blocks.button(told.say(page.GO_ON), href=to, action=None if to else Act.CLOSE, look="primary")
    box = blocks.box(heading, [told.say(login.CONFIRMED_TEXT)], go_on)
    return Screen("done", None, [box], status=heading)


def _warnings(told: Told) -> list[Block]:
    """Behind a typed code: what a thief who dictated it would gain, and where he sits."""
    operation = told.operation
    if operation.door is not Door.PAIRING:
        return []
    return [
        *([blocks.note(told.say(login.OTHER_NETWORK))] if _is_elsewhere(operation) else []),
        blocks.note(told.say(login.BEWARE)),
    ]


def _is_elsewhere(operation: Operation) -> bool:
    return operation.login is not None and operation.login.network is Network.OTHER
