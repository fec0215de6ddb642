"""Where an operation stands on this machine, as literal tables: which phase may follow which, what each lets
one do.

One function applies them (`Operation.enter`), the screens are drawn from them, and a test holds
docs/card-service.md to them.
"""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """One screen each, except that a phase may carry a notice."""

    WAITING_FOR_CARD = "waiting-for-card"
    CHOOSING_CARD = "choosing-card"
    IDENTIFYING = "identifying"
    PORTAL_GONE = "portal-gone"
    NOT_BLOCKED = "not-blocked"
    NEW_PIN = "new-pin"
    CHANGE_PIN = "change-pin"
    SIGN_IN = "sign-in"
    SIGN = "sign"
    RENEW = "renew"
    LAST_TRY = "last-try"
    DESK = "desk"
    NEXT_CARD = "next-card"
    MAKING = "making"
    TAKE_OUT = "take-out"
    WORKING = "working"
    DONE = "done"
    ENDED = "ended"


class Act(StrEnum):
    """What the holder can do on the page. The value is the path below /api/."""

    CHOOSE = "choose"
    RETRY = "retry"
    FORGOTTEN = "forgotten"
    KNOWN = "known"
    SET_PIN = "set-pin"
    CHANGE_PIN = "change-pin"
    SIGN_IN = "sign-in"
    SIGN = "sign"
    RENEW = "renew"
    LAST_TRY = "last-try"
    BEGIN = "begin"
    CANCEL = "cancel"
    CLOSE = "close"


NEXT: dict[Phase, frozenset[Phase]] = {
    Phase.WAITING_FOR_CARD: frozenset(
        {Phase.CHOOSING_CARD, Phase.IDENTIFYING, Phase.PORTAL_GONE, Phase.ENDED}
    ),
    Phase.CHOOSING_CARD: frozenset({Phase.WAITING_FOR_CARD, Phase.IDENTIFYING, Phase.ENDED}),
    Phase.IDENTIFYING: frozenset(
        {
            Phase.WAITING_FOR_CARD,
            Phase.CHOOSING_CARD,
            Phase.PORTAL_GONE,
            Phase.NOT_BLOCKED,
            Phase.NEW_PIN,
            Phase.CHANGE_PIN,
            Phase.SIGN_IN,
            Phase.SIGN,
            Phase.RENEW,
            Phase.LAST_TRY,
            Phase.DESK,
            Phase.ENDED,
        }
    ),
    Phase.PORTAL_GONE: frozenset(
        {Phase.WAITING_FOR_CARD, Phase.IDENTIFYING, Phase.WORKING, Phase.MAKING, Phase.ENDED}
    ),
    Phase.NOT_BLOCKED: frozenset({Phase.WAITING_FOR_CARD, Phase.NEW_PIN, Phase.CHANGE_PIN, Phase.ENDED}),
    Phase.NEW_PIN: frozenset({Phase.WAITING_FOR_CARD, Phase.CHANGE_PIN, Phase.WORKING, Phase.ENDED}),
    Phase.CHANGE_PIN: frozenset({Phase.WAITING_FOR_CARD, Phase.NEW_PIN, Phase.WORKING, Phase.ENDED}),
    Phase.SIGN_IN: frozenset({Phase.WAITING_FOR_CARD, Phase.WORKING, Phase.ENDED}),
    Phase.SIGN: frozenset({Phase.WAITING_FOR_CARD, Phase.WORKING, Phase.ENDED}),
    Phase.RENEW: frozenset({Phase.WAITING_FOR_CARD, Phase.WORKING, Phase.ENDED}),
    Phase.LAST_TRY: frozenset({Phase.WAITING_FOR_CARD, Phase.SIGN_IN, Phase.SIGN, Phase.RENEW, Phase.ENDED}),
    # at a registrar's desk, card after card:
    Phase.DESK: frozenset({Phase.NEXT_CARD, Phase.ENDED}),
    Phase.NEXT_CARD: frozenset({Phase.MAKING, Phase.ENDED}),
    Phase.MAKING: frozenset({Phase.TAKE_OUT, Phase.NEXT_CARD, Phase.PORTAL_GONE, Phase.DONE, Phase.ENDED}),
    Phase.TAKE_OUT: frozenset({Phase.NEXT_CARD, Phase.ENDED}),
    Phase.WORKING: frozenset(
        {
            Phase.NEW_PIN,
            Phase.CHANGE_PIN,
            Phase.SIGN_IN,
            Phase.SIGN,
            Phase.RENEW,
            Phase.LAST_TRY,
            Phase.IDENTIFYING,
            Phase.PORTAL_GONE,
            Phase.DONE,
            Phase.ENDED,
        }
    ),
    Phase.DONE: frozenset(),
    Phase.ENDED: frozenset(),
}

ACTS: dict[Phase, frozenset[Act]] = {
    Phase.WAITING_FOR_CARD: frozenset({Act.RETRY, Act.CANCEL}),
    Phase.CHOOSING_CARD: frozenset({Act.CHOOSE, Act.CANCEL}),
    Phase.IDENTIFYING: frozenset(),
    Phase.PORTAL_GONE: frozenset({Act.RETRY, Act.CANCEL}),
    Phase.NOT_BLOCKED: frozenset({Act.FORGOTTEN, Act.KNOWN, Act.CANCEL}),
    Phase.NEW_PIN: frozenset({Act.SET_PIN, Act.KNOWN, Act.CANCEL}),
    Phase.CHANGE_PIN: frozenset({Act.CHANGE_PIN, Act.FORGOTTEN, Act.CANCEL}),
    Phase.SIGN_IN: frozenset({Act.SIGN_IN, Act.CANCEL}),
    Phase.SIGN: frozenset({Act.SIGN, Act.CANCEL}),
    Phase.RENEW: frozenset({Act.RENEW, Act.CANCEL}),
    Phase.LAST_TRY: frozenset({Act.LAST_TRY, Act.CANCEL}),
    Phase.DESK: frozenset({Act.BEGIN, Act.CANCEL}),
    Phase.NEXT_CARD: frozenset({Act.RETRY, Act.CANCEL}),
    Phase.MAKING: frozenset(),
    Phase.TAKE_OUT: frozenset({Act.RETRY, Act.CANCEL}),
    Phase.WORKING: frozenset(),
    Phase.DONE: frozenset({Act.CLOSE}),
    Phase.ENDED: frozenset({Act.CLOSE}),
}

OVER = frozenset({Phase.DONE, Phase.ENDED})
