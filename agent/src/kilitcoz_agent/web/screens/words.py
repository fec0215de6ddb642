"""What the screens call things, by kind of operation: the same deed with a card is an unlock to one holder,
and to another the first PIN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kilitcoz_agent.texts import Both, desk, first_pin, login, page, renewal, sign
from kilitcoz_cards.messages import OperationKind


@dataclass(frozen=True)
class Words:
    """Of one kind: its name, the screen it is done on, and what is said once it was closed well."""

    operation: Both
    screen_heading: Both
    closed: Both


@dataclass(frozen=True)
class WorkWords(Words):
    """The steps of the work."""

    working: Both
    step_card: Both
    step_report: Both


@dataclass(frozen=True)
class PinWords(WorkWords):
    """Of a kind that sets a PIN: fields and button, and figure 9."""

    new_pin: Both
    repeat_pin: Both
    make_pin: Both
    promises: Mapping[str, Both]
    about: Both
    done: Both
    done_text: Both


UNLOCK = PinWords(
    operation=page.UNLOCK,
    screen_heading=page.SCREEN_HEADING,
    closed=page.PIN_CHANGED_CLOSED,
    new_pin=page.NEW_PIN,
    repeat_pin=page.REPEAT_PIN,
    make_pin=page.MAKE_PIN,
    promises=page.PROMISES,
    about=page.E_APPROVAL,
    working=page.WORKING,
    step_card=page.STEP_CARD,
    step_report=page.STEP_REPORT,
    done=page.PIN_CHANGED,
    done_text=page.PIN_CHANGED_TEXT,
)
PIN_WORDS: dict[OperationKind, PinWords] = {
    OperationKind.UNLOCK: UNLOCK,
    OperationKind.CHANGE_PIN: replace(UNLOCK, operation=page.CHANGE),
    OperationKind.ACTIVATE: PinWords(
        operation=first_pin.ACTIVATE,
        screen_heading=first_pin.SCREEN_HEADING,
        closed=first_pin.PIN_SET_CLOSED,
        new_pin=first_pin.NEW_PIN,
        repeat_pin=first_pin.REPEAT_PIN,
        make_pin=first_pin.MAKE_PIN,
        promises=first_pin.PROMISES,
        about=first_pin.ABOUT,
        working=first_pin.WORKING,
        step_card=first_pin.STEP_CARD,
        step_report=first_pin.STEP_REPORT,
        done=first_pin.PIN_SET,
        done_text=first_pin.PIN_SET_TEXT,
    ),
}
SIGNING_WORDS: dict[OperationKind, WorkWords] = {
    OperationKind.LOGIN: WorkWords(
        operation=login.LOGIN,
        screen_heading=login.SCREEN_HEADING,
        closed=login.DONE_AND_CLOSED,
        working=login.WORKING,
        step_card=login.STEP_CARD,
        step_report=login.STEP_REPORT,
    ),
    OperationKind.SIGN: WorkWords(
        operation=sign.SIGNATURE,
        screen_heading=sign.SCREEN_HEADING,
        closed=sign.DONE_AND_CLOSED,
        working=sign.WORKING,
        step_card=sign.STEP_CARD,
        step_report=sign.STEP_REPORT,
    ),
    OperationKind.RENEW: WorkWords(
        operation=renewal.RENEWAL,
        screen_heading=renewal.SCREEN_HEADING,
        closed=renewal.DONE_AND_CLOSED,
        working=renewal.WORKING,
        step_card=renewal.STEP_CARD,
        step_report=renewal.STEP_REPORT,
    ),
}
WORDS: dict[OperationKind, Words] = {
    **PIN_WORDS,
    **SIGNING_WORDS,
    OperationKind.PERSONALISE: Words(desk.PERSONALISE, desk.SCREEN_HEADING, desk.CLOSED),
}
