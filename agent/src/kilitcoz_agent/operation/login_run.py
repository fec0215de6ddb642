"""A login, from its first card to its last word. Read top down, it is docs/login-protocol.md, L3–L6.

Rule kept here: behind a link no number is ever shown, behind a code no browser is sent anywhere (A18b). What
it shares with a document's signature is in signing_run.
"""

from __future__ import annotations

from kilitcoz_agent.operation.deeds import until_reachable
from kilitcoz_agent.operation.inbox import OperationEnded
from kilitcoz_agent.operation.login_work import LoginWork
from kilitcoz_agent.operation.operation import Door, FoundCard, Operation
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.reporting import return_address
from kilitcoz_agent.operation.signing_run import SigningRun, Words
from kilitcoz_agent.portal.port import LoginLink
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.families.piv_signing import SigningReport
from kilitcoz_cards.messages import LoginAnswer, LoginToken
from kilitcoz_cards.pin import Pin


class LoginRun(SigningRun):
    """Carries one login through."""

    WORDS = Words(Phase.SIGN_IN, Act.SIGN_IN, "login-pin-blocked", "login-card-lost")

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

    async def _claim_without_card(self) -> None:
        await self._claim(card_found=False)

    async def _identify(self, card: FoundCard) -> bool:
        """L3 and L4: the portal hears that a card is in, not which."""
        self.operation.card = card
        self.operation.enter(Phase.IDENTIFYING)
        await self._claim(card_found=True)
        self._require_tries(card)
        return True

    async def _claim(self, *, card_found: bool) -> None:
        self.operation.login = await until_reachable(
            self.operation, self._inbox, lambda: self._login.claim(card_found=card_found)
        )

    def _sign(self, card: FoundCard, pin: Pin, *, may_spend_last_try: bool) -> SigningReport:
        return self._work.sign_in(card, pin, may_spend_last_try=may_spend_last_try)

    async def _deliver(self, card: FoundCard, report: SigningReport) -> None:
        """L5 and L6."""
        assert card.signer is not None
        assert report.algorithm is not None
        token = LoginToken(card.signer.card.unverified_certificate, report.algorithm, report.signature)
        answer = await until_reachable(self.operation, self._inbox, lambda: self._login.login(token))
        self._done(answer)

    def _done(self, answer: LoginAnswer) -> None:
        operation = self.operation
        if answer.confirmation is not None and operation.door is not Door.PAIRING:
            raise OperationEnded("login-door-changed")
        operation.confirmation = answer.confirmation
        operation.return_to = return_address(operation, answer)
        operation.enter(Phase.DONE)
