"""The screens: from an operation to the blocks on it. The table says which function shows which phase."""

from __future__ import annotations

from collections.abc import Callable

from kilitcoz_agent.operation.phases import Phase
from kilitcoz_agent.web.screens import card, desk, ends, login, pin, renew, sign
from kilitcoz_agent.web.screens.parts import Told
from kilitcoz_agent.web.screens.screen import Screen

SCREENS: dict[Phase, Callable[[Told], Screen]] = {
    Phase.WAITING_FOR_CARD: card.waiting,
    Phase.CHOOSING_CARD: card.choosing,
    Phase.IDENTIFYING: card.identifying,
    Phase.PORTAL_GONE: ends.portal_gone,
    Phase.NOT_BLOCKED: pin.not_blocked,
    Phase.NEW_PIN: pin.new_pin,
    Phase.CHANGE_PIN: pin.change_pin,
    Phase.SIGN_IN: login.sign_in,
    Phase.SIGN: sign.signing,
    Phase.RENEW: renew.renewing,
    Phase.LAST_TRY: login.last_try,
    Phase.DESK: desk.begin,
    Phase.NEXT_CARD: desk.next_card,
    Phase.MAKING: desk.making,
    Phase.TAKE_OUT: desk.take_out,
    Phase.WORKING: ends.working,
    Phase.DONE: ends.done,
    Phase.ENDED: ends.ended,
}
