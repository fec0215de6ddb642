"""What a transaction with a card came to: every risky command with its answer, and the outcome.

A rule of this module: the list is complete. A command that may have reached the card is in it.
"""

from dataclasses import dataclass

from kilitcoz_cards.blocked import OPEN, state_after
from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_cards.messages import Event, Outcome, Result, RiskyCommand
from kilitcoz_cards.pin import UNTOLD, PinState

_CARRIES_PUK = frozenset({RiskyCommand.CHANGE_PUK, RiskyCommand.RESET_RETRY_COUNTER})


@dataclass(frozen=True, slots=True)
class UnlockReport:
    """Also of a changed PIN. `abort_code`: slug of what ended it, for LOST and ABORTED."""

    outcome: Outcome
    events: tuple[Event, ...]
    puk: PinState
    pin: PinState
    abort_code: str | None = None

    def to_result(self, fence: int | None) -> Result:
        """M7; `fence` of the release, None where nothing was released."""
        return Result(fence, self.events, self.puk, self.pin, self.outcome, self.abort_code)


class Log:
    """The events of one transaction as they happen."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def add(self, command: RiskyCommand, candidate: int | None, sw: StatusWord | None) -> None:
        """One command that was sent; `sw` None: no answer came."""
        self._events.append(Event(command, candidate, sw))

    @property
    def is_lost(self) -> bool:
        """Whether the last command got no answer."""
        return bool(self._events) and self._events[-1].sw is None

    def report(self, outcome: Outcome, abort_code: str | None = None) -> UnlockReport:
        """The report as things stand."""
        return UnlockReport(outcome, tuple(self._events), self._puk(), self._pin(), abort_code)

    def _puk(self) -> PinState:
        """By the last command that carried a PUK: an older answer may have been overtaken by it."""
        carried = [event.sw for event in self._events if event.command in _CARRIES_PUK]
        return UNTOLD if not carried or carried[-1] is None else state_after(carried[-1])

    def _pin(self) -> PinState:
        """By the last command, where it speaks of the PIN."""
        last = self._events[-1] if self._events else None
        if last is None or last.sw is None:
            return UNTOLD
        if last.command is RiskyCommand.RESET_RETRY_COUNTER:
            return OPEN if last.sw.is_success else UNTOLD
        return UNTOLD if last.command is RiskyCommand.CHANGE_PUK else state_after(last.sw)
