"""What the walks of a login and of a document's signature share: one PIN, one transaction, one signature.

Rules kept here: the PIN is typed before the transaction and gone after it; the last try is spent only by who
said so on a screen that names what it costs.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from kilitcoz_agent.errors import FieldRefused
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.inbox import OperationEnded
from kilitcoz_agent.operation.operation import FoundCard, Notice, Step
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.typed import Deed, card_pin
from kilitcoz_agent.operation.walk import Walk
from kilitcoz_cards.families.piv_signing import SigningOutcome, SigningReport
from kilitcoz_cards.pin import Pin, PinState


@dataclass(frozen=True)
class Words:
    """In what the two differ: the phase and the act of the question, the codes of two ends."""

    question: Phase
    act: Act
    pin_blocked: str
    card_lost: str


#: Ends of a transaction after which the card is looked at again and the PIN typed again, and whether the
#: holder is told why; of the others the card itself will show it.
BEGIN_AGAIN: dict[str, bool] = {
    "wrong-card": False,
    "card-unknown": False,
    "card-lost": True,
    "reader-busy": True,
    "reader-service-missing": True,
}


class SigningRun(Walk):
    """Carries one PIN and one signature through."""

    WORDS: ClassVar[Words]
    _last_try_allowed = False

    @abstractmethod
    def _sign(self, card: FoundCard, pin: Pin, *, may_spend_last_try: bool) -> SigningReport:
        """The transaction; in a thread."""

    @abstractmethod
    async def _deliver(self, card: FoundCard, report: SigningReport) -> None:
        """To the portal, and to the good end. A refusal of the portal ends the operation with its code."""

    def _deed_of(self, act: Act, fields: dict[str, str]) -> Deed | None:
        if act is self.WORDS.act:
            deed = Deed(act, pin=card_pin(fields))
            self.operation.enter(Phase.WORKING, step=Step.CARD)
            return deed
        if act is Act.LAST_TRY:
            self._last_try_allowed = True
            self.operation.enter(self.WORDS.question)
            return None
        choice = fields.get("card", "")
        if act is Act.CHOOSE and not any(each.choice == choice for each in self.operation.choices):
            raise FieldRefused({"card": "card-not-chosen"})
        return Deed(act, choice=choice)

    def _begin(self, card: FoundCard) -> None:
        self._last_try_allowed = False
        self._ask(card.identification.pin, self.operation.carried)

    @property
    def _has_undelivered(self) -> bool:
        return False  # a signature that was not taken is worth nothing to anybody

    async def _finish(self) -> None:
        """Nothing of it outlives the walk."""

    def _require_tries(self, card: FoundCard) -> None:
        """Raises OperationEnded where the card is blocked."""
        if card.identification.pin.blocked:
            raise OperationEnded(self.WORDS.pin_blocked)

    def _ask(self, pin: PinState, notice: Notice | None) -> None:
        """For the PIN; or first, whether the last try is to be spent."""
        many = pin.retries_left is not None and pin.retries_left > 1
        self.operation.enter(self.WORDS.question if many else Phase.LAST_TRY, notice=notice)

    async def _do(self, card: FoundCard, deed: Deed) -> None:
        assert deed.pin is not None
        allowed, self._last_try_allowed = self._last_try_allowed, False
        report = await asyncio.to_thread(self._sign, card, deed.pin, may_spend_last_try=allowed)
        del deed
        record("transaction-done", operation=self.operation.capability.op, outcome=report.outcome.value)
        await self._settle(card, report)

    async def _settle(self, card: FoundCard, report: SigningReport) -> None:
        match report.outcome:
            case SigningOutcome.SIGNED:
                self.operation.enter(Phase.WORKING, step=Step.REPORT)
                await self._deliver(card, report)
            case SigningOutcome.PIN_BLOCKED:
                self.operation.saw_pin(report.pin)
                raise OperationEnded(self.WORDS.pin_blocked)
            case SigningOutcome.PIN_WRONG:
                self.operation.saw_pin(report.pin)
                self._ask(report.pin, Notice("card-pin-wrong", report.pin.retries_left))
            case SigningOutcome.LAST_TRY:
                self.operation.saw_pin(report.pin)
                self.operation.enter(Phase.LAST_TRY)
            case SigningOutcome.ABORTED:
                self._aborted(report.abort_code or "card-lost")

    def _aborted(self, code: str) -> None:
        if code not in BEGIN_AGAIN:
            raise OperationEnded(code)
        self.operation.carried = Notice(self.WORDS.card_lost) if BEGIN_AGAIN[code] else None
        self.operation.enter(Phase.IDENTIFYING)
