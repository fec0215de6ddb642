"""A renewal, from its card to its last word. Read top down, it is docs/renewal-protocol.md.

Rules kept here: the PIN is typed before the first transaction and gone after it; whatever ends a renewal, the
next one goes on where it stopped: a key that was made is found again, a certificate is written again.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import TimeoutError as TooLate

from kilitcoz_agent.errors import AgentError, PortalUnreachable
from kilitcoz_agent.operation.deeds import until_reachable
from kilitcoz_agent.operation.inbox import OperationEnded
from kilitcoz_agent.operation.operation import FoundCard, Notice, Operation
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.renew_work import RenewWork
from kilitcoz_agent.operation.reporting import return_address
from kilitcoz_agent.operation.signing_run import SigningRun, Words
from kilitcoz_agent.portal.port import RenewLink
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.families.piv_renew import NewKey
from kilitcoz_cards.families.piv_signing import SigningReport
from kilitcoz_cards.identity import certificate_hash
from kilitcoz_cards.messages import (
    CardDecision,
    Decision,
    Identification,
    MadeKey,
    MadeKeys,
    ManagementChallenge,
    NewCertificates,
    RenewalPlan,
    WrittenCertificates,
)
from kilitcoz_cards.pin import Pin

ANSWER_SECONDS = 4.0


class RenewRun(SigningRun):
    """Carries one renewal through."""

    WORDS = Words(Phase.RENEW, Act.RENEW, "renew-pin-blocked", "renew-card-lost")

    def __init__(
        self,
        operation: Operation,
        portal: RenewLink,
        readers: Readers,
        work: RenewWork,
        *,
        life_seconds: float,
    ) -> None:
        super().__init__(operation, portal, readers, work.find, life_seconds=life_seconds)
        self._renewal = portal
        self._work = work
        self._plan = RenewalPlan(())
        self._keys: tuple[NewKey, ...] = ()

    async def _claim_without_card(self) -> None:
        await self._claim(None)

    async def _identify(self, card: FoundCard) -> bool:
        """M3 and M4, then what is wanted of this card."""
        self._loop = asyncio.get_running_loop()
        self.operation.card = card
        self.operation.enter(Phase.IDENTIFYING)
        decision = await self._claim(card.identification)
        if decision.decision is CardDecision.WRONG_CARD:
            self._finder.refuse(card)
            self.operation.card = None
            self.operation.enter(Phase.WAITING_FOR_CARD, notice=Notice("wrong-card"))
            return False
        if decision.decision is not CardDecision.PROCEED or decision.card_auth_key is None:
            raise OperationEnded("portal-answer-invalid")
        self._require_tries(card)
        self._plan = await until_reachable(self.operation, self._inbox, self._renewal.plan)
        return True

    async def _claim(self, identification: Identification | None) -> Decision:
        decision = await until_reachable(
            self.operation, self._inbox, lambda: self._renewal.claim(identification)
        )
        self.operation.decision = decision
        return decision

    def _sign(self, card: FoundCard, pin: Pin, *, may_spend_last_try: bool) -> SigningReport:
        report = self._work.make_keys(
            card, self._decision, self._plan, pin, self._answer, may_spend_last_try=may_spend_last_try
        )
        self._keys = report.keys
        return report.pin

    async def _deliver(self, card: FoundCard, report: SigningReport) -> None:  # noqa: ARG002 - the keys count
        """The keys to the portal, their certificates to the card, and word of that to the portal."""
        made = MadeKeys(tuple(MadeKey(k.slot, k.algorithm, k.public_key, k.signature) for k in self._keys))
        issued = await until_reachable(self.operation, self._inbox, lambda: self._renewal.keys(made))
        if {*issued.certificates} != {key.slot for key in self._keys}:
            raise OperationEnded("portal-answer-invalid")
        if not await self._write(card, issued):
            return
        written = {slot: certificate_hash(der) for slot, der in issued.certificates.items()}
        answer = await until_reachable(
            self.operation, self._inbox, lambda: self._renewal.written(WrittenCertificates(written))
        )
        self.operation.return_to = return_address(self.operation, answer)
        self.operation.enter(Phase.DONE)

    async def _write(self, card: FoundCard, issued: NewCertificates) -> bool:
        """Whether they are on the card; where it was lost, the card is looked for again."""
        try:
            await asyncio.to_thread(self._work.write, card, self._decision, issued.certificates, self._answer)
        except (CardsError, AgentError) as fault:
            self._aborted(fault.code)
            return False
        return True

    def _answer(self, algorithm: ManagementAlgorithm, challenge: bytes) -> bytes:
        """Of the vault; asked from the thread of the transaction. Raises AgentError."""
        asked = self._renewal.cryptogram(ManagementChallenge(algorithm, challenge))
        waiting = asyncio.run_coroutine_threadsafe(asked, self._loop)
        try:
            return waiting.result(ANSWER_SECONDS).cryptogram
        except TooLate:
            waiting.cancel()
            raise PortalUnreachable from None

    @property
    def _decision(self) -> Decision:
        assert self.operation.decision is not None
        return self.operation.decision
