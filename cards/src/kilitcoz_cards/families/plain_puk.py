"""Promise F3: the PUK is on the PC for one transaction (docs/unlock-protocol.md, "In the transaction").

Rules kept here: nothing secret is sent before the card is known again; a PIN of a wrong form is never sent;
software never spends the last try (R3); an unanswered command is the last one; and whatever happens, a
report is returned.
"""

from collections.abc import Callable

from kilitcoz_cards.blocked import refuses
from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import (
    CardMalformed,
    CardsError,
    MessageMalformed,
    PinNotProved,
    PinRuleViolation,
    PukNotChangeable,
    TransportError,
    UnexpectedStatus,
)
from kilitcoz_cards.families import PIV, CardFamily
from kilitcoz_cards.iso7816 import (
    CLASS_NOT_SUPPORTED,
    CONDITIONS_NOT_SATISFIED,
    FUNCTION_NOT_SUPPORTED,
    INCORRECT_DATA,
    INCORRECT_P1_P2,
    INSTRUCTION_NOT_SUPPORTED,
    REFERENCE_DATA_NOT_FOUND,
    WRONG_P1_P2,
    CommandApdu,
    StatusWord,
)
from kilitcoz_cards.messages import Outcome, Release, RiskyCommand
from kilitcoz_cards.pin import Pin, Puk
from kilitcoz_cards.reference_data import change_reference_data, reset_retry_counter, verify
from kilitcoz_cards.report import Log, UnlockReport

PUK_NOT_CHANGEABLE = frozenset(
    {
        INSTRUCTION_NOT_SUPPORTED,
        CLASS_NOT_SUPPORTED,
        FUNCTION_NOT_SUPPORTED,
        INCORRECT_P1_P2,
        WRONG_P1_P2,
        REFERENCE_DATA_NOT_FOUND,
    }
)
"""Answers to `24` on the PUK that say: no such command here. Nothing was changed, no try was taken."""

PIN_FORM_REFUSED = frozenset({INCORRECT_DATA, INCORRECT_P1_P2, CONDITIONS_NOT_SATISFIED})
"""Answers to `2C`, or to `24` on the PIN, that speak of the new PIN."""

TRIES_TO_GO_ON = 2  # 63Cx with less ends the row: the last try is not software's to spend


class _End(Exception):  # noqa: N818 -- not an error: where a transaction ends
    """The transaction is over with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def unlock(
    identity: Conversation[None], release: Release, pin: Pin, *, family: CardFamily = PIV
) -> Conversation[UnlockReport]:
    """Rotate the PUK, set the PIN, prove it. `identity`, as piv.same_card, returns for the right card only.

    A PIN that breaks the family's rules is PIN_REFUSED with nothing sent. Never raises CardsError: every
    end is a report, complete up to the last command that may have reached the card.
    """
    return (yield from _reported(lambda log: _unlock(log, identity, release, pin, family)))


def change_pin(
    identity: Conversation[None], old: Pin, new: Pin, *, family: CardFamily = PIV
) -> Conversation[UnlockReport]:
    """The holder knows the PIN: CHANGE REFERENCE DATA old → new, then VERIFY.

    SECRET_REFUSED: `old` was wrong, or by its length cannot be right and was not sent. Never raises
    CardsError.
    """
    return (yield from _reported(lambda log: _change_pin(log, identity, old, new, family)))


def _reported(transaction: Callable[[Log], Conversation[None]]) -> Conversation[UnlockReport]:
    log = Log()
    try:
        yield from transaction(log)
    except _End as end:
        return log.report(end.outcome)
    except PinRuleViolation as broken:
        return log.report(Outcome.PIN_REFUSED, broken.code)
    except CardsError as fault:
        return log.report(Outcome.LOST if log.is_lost else Outcome.ABORTED, fault.code)
    return log.report(Outcome.PIN_SET)


def _unlock(
    log: Log, identity: Conversation[None], release: Release, pin: Pin, family: CardFamily
) -> Conversation[None]:
    family.pin_rules.check(pin)
    if not all(family.puk_rules.admits(puk) for puk in (*release.candidates, release.new)):
        raise MessageMalformed("candidates")
    yield from identity
    yield from _set_pin(log, release, pin, family)
    yield from _prove_pin(log, pin, family)


def _set_pin(log: Log, release: Release, pin: Pin, family: CardFamily) -> Conversation[None]:
    """Candidate by candidate: `24` to new, `2C` by new; a candidate that *is* new is proved by `2C` alone."""
    for index, candidate in enumerate(release.candidates):
        if candidate == release.new:
            sw = yield from _reset_retry_counter(log, index, candidate, pin, family)
        else:
            sw = yield from _change_puk(log, index, candidate, release.new, family)
            if sw.is_success:
                sw = yield from _reset_retry_counter(log, None, release.new, pin, family)
                if sw.retries_left:  # the PUK was right a moment ago: this speaks of the PIN
                    raise _End(Outcome.PIN_REFUSED)
        if sw.is_success:
            return
        if (sw.retries_left or 0) < TRIES_TO_GO_ON:
            break
    raise _End(Outcome.SECRET_REFUSED)


def _change_puk(
    log: Log, index: int, candidate: Puk, new: Puk, family: CardFamily
) -> Conversation[StatusWord]:
    """9000, or an answer that refuses the candidate; any other ends the row."""
    command = change_reference_data(family.puk, candidate, new)
    sw = yield from _send(log, RiskyCommand.CHANGE_PUK, index, command)
    if sw in PUK_NOT_CHANGEABLE:
        raise PukNotChangeable("24 on the PUK")
    if not (sw.is_success or refuses(sw)):
        raise UnexpectedStatus("CHANGE REFERENCE DATA", sw)
    return sw


def _reset_retry_counter(
    log: Log, index: int | None, puk: Puk, pin: Pin, family: CardFamily
) -> Conversation[StatusWord]:
    """9000, or an answer that refuses the PUK; any other ends the row."""
    command = reset_retry_counter(family.pin, family.puk, puk, pin)
    sw = yield from _send(log, RiskyCommand.RESET_RETRY_COUNTER, index, command)
    if sw in PIN_FORM_REFUSED:
        raise _End(Outcome.PIN_REFUSED)
    if not (sw.is_success or refuses(sw)):
        raise UnexpectedStatus("RESET RETRY COUNTER", sw)
    return sw


def _prove_pin(log: Log, pin: Pin, family: CardFamily) -> Conversation[None]:
    """9000 alone proves little: the card must now take the PIN."""
    sw = yield from _send(log, RiskyCommand.VERIFY, None, verify(family.pin, pin))
    if not sw.is_success:
        raise PinNotProved("VERIFY after 9000")


def _change_pin(
    log: Log, identity: Conversation[None], old: Pin, new: Pin, family: CardFamily
) -> Conversation[None]:
    family.pin_rules.check(new)
    if not 0 < len(old) <= (family.pin.stored_length or len(old)):
        raise _End(Outcome.SECRET_REFUSED)
    yield from identity
    command = change_reference_data(family.pin, old, new)
    sw = yield from _send(log, RiskyCommand.CHANGE_PIN, None, command)
    if refuses(sw):
        raise _End(Outcome.SECRET_REFUSED)
    if sw in PIN_FORM_REFUSED:
        raise _End(Outcome.PIN_REFUSED)
    if not sw.is_success:
        raise UnexpectedStatus("CHANGE REFERENCE DATA", sw)
    yield from _prove_pin(log, new, family)


def _send(
    log: Log, name: RiskyCommand, candidate: int | None, command: CommandApdu
) -> Conversation[StatusWord]:
    """One risky command, noted whatever comes of it; what was not sent (ForbiddenCommand) is not noted."""
    try:
        response = yield command
    except (TransportError, CardMalformed):
        log.add(name, candidate, None)
        raise
    log.add(name, candidate, response.sw)
    return response.sw
