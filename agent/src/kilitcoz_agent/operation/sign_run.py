"""A document's signature, from its card to its last word. Read top down, it is docs/sign-protocol.md, S3–S6.

Rule kept here: a document is shown, and a PIN asked for, only after what the portal wants signed was found to
be that document's signature by the card at hand, and nothing else. What it shares with a login is in
signing_run.
"""

from __future__ import annotations

from kilitcoz_agent.operation import document_work
from kilitcoz_agent.operation.deeds import until_reachable
from kilitcoz_agent.operation.document_work import DocumentWork
from kilitcoz_agent.operation.inbox import OperationEnded
from kilitcoz_agent.operation.operation import FoundCard, Notice, Operation
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.reporting import return_address
from kilitcoz_agent.operation.signing_run import SigningRun, Words
from kilitcoz_agent.portal.port import SignLink
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.families.piv_signing import SigningReport
from kilitcoz_cards.messages import CardDecision, DocumentSignature, SignDecision
from kilitcoz_cards.pin import Pin


class SignRun(SigningRun):
    """Carries one signature through."""

    WORDS = Words(Phase.SIGN, Act.SIGN, "sign-pin-blocked", "sign-card-lost")

    def __init__(
        self,
        operation: Operation,
        portal: SignLink,
        readers: Readers,
        work: DocumentWork,
        *,
        life_seconds: float,
    ) -> None:
        super().__init__(operation, portal, readers, work.find, life_seconds=life_seconds)
        self._signature = portal
        self._work = work

    async def _claim_without_card(self) -> None:
        await self._claim(None)

    async def _identify(self, card: FoundCard) -> bool:
        """S3 and S4: the document is told for the card whose certificate was chosen for it."""
        self.operation.card = card
        self.operation.enter(Phase.IDENTIFYING)
        decision = await self._claim(document_work.certificate_of(card))
        if decision.document is None:
            self._finder.refuse(card)
            self.operation.card = None
            self.operation.enter(Phase.WAITING_FOR_CARD, notice=Notice("sign-other-certificate"))
            return False
        self._require_tries(card)
        document_work.check(decision.document, card)
        self.operation.document = decision.document
        return True

    async def _claim(self, certificate: str | None) -> SignDecision:
        decision = await until_reachable(
            self.operation, self._inbox, lambda: self._signature.claim(certificate)
        )
        if certificate is not None and decision.decision is CardDecision.NO_CARD:
            raise OperationEnded("portal-answer-invalid")
        return decision

    def _sign(self, card: FoundCard, pin: Pin, *, may_spend_last_try: bool) -> SigningReport:
        assert self.operation.document is not None
        return self._work.sign(card, self.operation.document, pin, may_spend_last_try=may_spend_last_try)

    async def _deliver(self, card: FoundCard, report: SigningReport) -> None:  # noqa: ARG002 - S4 named it
        """S5 and S6."""
        signature = DocumentSignature(report.signature)
        answer = await until_reachable(self.operation, self._inbox, lambda: self._signature.sign(signature))
        self.operation.return_to = return_address(self.operation, answer)
        self.operation.enter(Phase.DONE)
