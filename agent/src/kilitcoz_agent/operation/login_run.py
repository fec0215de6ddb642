"""A login, from its first card to its last word. Read top down, it is docs/login-protocol.md, L3–L6.

Rules kept here: the PIN is typed before the transaction and gone after it; the last try is spent only by who
said so on a screen that names what it costs; and behind a link no number is ever shown, behind a code no
browser is sent anywhere (A18b).
"""

from __future__ import annotations

import asyncio

from kilitcoz_agent.errors import FieldRefused
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.deeds import until_reachable
from kilitcoz_agent.operation.inbox import OperationEnded
from kilitcoz_agent.operation.login_work import LoginWork
from kilitcoz_agent.operation.operation import Door, FoundCard, Notice, Operation, Step
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.reporting import return_address
from kilitcoz_agent.operation.typed import Deed, card_pin
from kilitcoz_agent.operation.walk import Walk
from kilitcoz_agent.portal.port import LoginLink
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.families.piv_login import LoginOutcome, LoginReport
from kilitcoz_cards.messages import LoginAnswer, LoginToken
from kilitcoz_cards.pin import PinState

#: Ends of a transaction after which the card is looked at again and the PIN typed again. The value is what
#: the holder is told then; None: the card itself will show it.
BEGIN_AGAIN: dict[str, str | None] = {
    "wrong-card": None,
    "card-unknown": None,
    "card-lost": "login-card-lost",
    "reader-busy": "login-card-lost",
    "reader-service-missing": "login-card-lost",
}


class LoginRun(Walk):
    """Carries one login through."""

    def __init__(
        self,
        operation: Operation,
        portal: LoginLink,
        readers: Readers,
        work: LoginWork,
        *,
        life_seconds: float,
    ) -> None:
        super().__init__(operation, portal, readers, work.find, life_seconds=life_seconds)
        self._login = portal
        self._work = work
        self._last_try_allowed = False

    def _deed_of(self, act: Act, fields: dict[str, str]) -> Deed | None:
        match act:
            case Act.LAST_TRY:
                self._last_try_allowed = True
                self.operation.enter(Phase.SIGN_IN)
                return None
            case Act.SIGN_IN:
                deed = Deed(act, pin=card_pin(fields))
                self.operation.enter(Phase.WORKING, step=Step.CARD)
                return deed
            case Act.CHOOSE if not any(each.choice == fields["card"] for each in self.operation.choices):
                raise FieldRefused({"card": "card-not-chosen"})
            case _:
                return Deed(act, choice=fields.get("card", ""))

    async def _claim_without_card(self) -> None:
        await self._claim(card_found=False)

    async def _identify(self, card: FoundCard) -> bool:
        """L3 and L4: the portal hears that a card is in, not which."""
        self.operation.card = card
        self.operation.enter(Phase.IDENTIFYING)
        await self._claim(card_found=True)
        if card.identification.pin.blocked:
            raise OperationEnded("login-pin-blocked")
        return True

    async def _claim(self, *, card_found: bool) -> None:
        self.operation.login = await until_reachable(
            self.operation, self._inbox, lambda: self._login.claim(card_found=card_found)
        )

    def _begin(self, card: FoundCard) -> None:
        self._last_try_allowed = False
        self._ask(card.identification.pin, self.operation.carried)

    @property
    def _has_undelivered(self) -> bool:
        return False  # a token that was not taken is worth nothing to anybody

    async def _finish(self) -> None:
        """Nothing of a login outlives it."""

    def _ask(self, pin: PinState, notice: Notice | None) -> None:
        """For the PIN; or first, whether the last try is to be spent."""
        many = pin.retries_left is not None and pin.retries_left > 1
        self.operation.enter(Phase.SIGN_IN if many else Phase.LAST_TRY, notice=notice)

    async def _do(self, card: FoundCard, deed: Deed) -> None:
        assert deed.pin is not None
        allowed, self._last_try_allowed = self._last_try_allowed, False
        report = await asyncio.to_thread(self._work.sign_in, card, deed.pin, may_spend_last_try=allowed)
        del deed
        record("transaction-done", operation=self.operation.capability.op, outcome=report.outcome.value)
        await self._settle(card, report)

    async def _settle(self, card: FoundCard, report: LoginReport) -> None:
        match report.outcome:
            case LoginOutcome.SIGNED:
                await self._deliver(card, report)
            case LoginOutcome.PIN_BLOCKED:
                self.operation.saw_pin(report.pin)
                raise OperationEnded("login-pin-blocked")
            case LoginOutcome.PIN_WRONG:
                self.operation.saw_pin(report.pin)
                self._ask(report.pin, Notice("card-pin-wrong", report.pin.retries_left))
            case LoginOutcome.LAST_TRY:
                self.operation.saw_pin(report.pin)
                self.operation.enter(Phase.LAST_TRY)
            case LoginOutcome.ABORTED:
                self._aborted(report.abort_code or "card-lost")

    def _aborted(self, code: str) -> None:
        if code not in BEGIN_AGAIN:
            raise OperationEnded(code)
        told = BEGIN_AGAIN[code]
        self.operation.carried = Notice(told) if told is not None else None
        self.operation.enter(Phase.IDENTIFYING)

    async def _deliver(self, card: FoundCard, report: LoginReport) -> None:
        """L5 and L6. A refusal of the portal ends the operation with its code."""
        assert card.signer is not None
        assert report.algorithm is not None
        token = LoginToken(card.signer.card.unverified_certificate, report.algorithm, report.signature)
        self.operation.enter(Phase.WORKING, step=Step.REPORT)
        answer = await until_reachable(self.operation, self._inbox, lambda: self._login.login(token))
        self._done(answer)

    def _done(self, answer: LoginAnswer) -> None:
        operation = self.operation
        if answer.confirmation is not None and operation.door is not Door.PAIRING:
            raise OperationEnded("login-door-changed")
        operation.confirmation = answer.confirmation
        operation.return_to = return_address(operation, answer)
        operation.enter(Phase.DONE)
