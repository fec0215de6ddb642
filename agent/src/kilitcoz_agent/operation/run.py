"""An unlock or a changed PIN, walked from its first card to its last word. Read top down, it is
docs/unlock-protocol.md M3–M7.

Rules kept here: the PIN is typed before the transaction, the release fetched before it; what a transaction
reports is told to the portal, again and again for a while, whatever else happens.
"""

from __future__ import annotations

from kilitcoz_agent.errors import ActionNotPossible, FieldRefused
from kilitcoz_agent.operation.card_work import CardWork
from kilitcoz_agent.operation.deeds import Deeds, until_reachable
from kilitcoz_agent.operation.inbox import OperationEnded
from kilitcoz_agent.operation.operation import FoundCard, Notice, Operation, Step
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.typed import Deed, changed_pin, new_pin
from kilitcoz_agent.operation.walk import Walk
from kilitcoz_agent.portal.port import PortalLink
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.messages import CardDecision, Decision, Identification, OperationKind

DECISION_ENDS = {CardDecision.PUK_EXHAUSTED: "puk-exhausted", CardDecision.MANUAL: "secret-manual"}


class OperationRun(Walk):
    """Carries one unlock, or one change of a PIN, through."""

    def __init__(
        self,
        operation: Operation,
        portal: PortalLink,
        readers: Readers,
        work: CardWork,
        *,
        life_seconds: float,
    ) -> None:
        super().__init__(operation, portal, readers, work.find, life_seconds=life_seconds)
        self._portal = portal
        self._deeds = Deeds(operation, portal, work, self._inbox)

    def _deed_of(self, act: Act, fields: dict[str, str]) -> Deed | None:
        operation = self.operation
        match act:
            case Act.FORGOTTEN:
                operation.enter(Phase.NEW_PIN)
                return None
            case Act.KNOWN:
                operation.enter(Phase.CHANGE_PIN)
                return None
            case Act.SET_PIN:
                deed = Deed(act, pin=new_pin(fields, self._decision.pin_rules))
                operation.enter(Phase.WORKING, step=Step.PORTAL)
                return deed
            case Act.CHANGE_PIN:
                current, pin = changed_pin(fields, self._decision.pin_rules)
                operation.enter(Phase.WORKING, step=Step.CARD)
                return Deed(act, pin=pin, current=current)
            case Act.CHOOSE:
                if not any(card.choice == fields["card"] for card in operation.choices):
                    raise FieldRefused({"card": "card-not-chosen"})
                return Deed(act, choice=fields["card"])
            case _:
                return Deed(act)

    @property
    def _decision(self) -> Decision:
        decision = self.operation.decision
        if decision is None:
            raise ActionNotPossible
        return decision

    @property
    def _has_undelivered(self) -> bool:
        return self._deeds.has_undelivered

    async def _finish(self) -> None:
        await self._deeds.finish()

    async def _claim_without_card(self) -> None:
        await self._claim(None)

    async def _identify(self, card: FoundCard) -> bool:
        """M3 and M4 for a card."""
        self.operation.card = card
        self.operation.enter(Phase.IDENTIFYING)
        decision = await self._claim(card.identification)
        if decision.decision is CardDecision.WRONG_CARD:
            self._finder.refuse(card)
            self.operation.card = None
            self.operation.enter(Phase.WAITING_FOR_CARD, notice=Notice("wrong-card"))
            return False
        if decision.decision in DECISION_ENDS:
            raise OperationEnded(DECISION_ENDS[decision.decision])
        if self._is_change and card.identification.pin.blocked:
            raise OperationEnded("pin-blocked")
        if decision.decision is CardDecision.NO_CARD:
            raise OperationEnded("portal-answer-invalid")
        return True

    async def _claim(self, identification: Identification | None) -> Decision:
        """M3 → M4, as long as it takes the portal to be reachable."""
        decision = await until_reachable(
            self.operation, self._inbox, lambda: self._portal.claim(identification)
        )
        self.operation.decision = decision
        return decision

    def _begin(self, card: FoundCard) -> None:  # noqa: ARG002 - what the portal decided of it counts
        self.operation.enter(self._first_question(self._decision), notice=self.operation.carried)

    async def _do(self, card: FoundCard, deed: Deed) -> None:
        await self._deeds.do(card, deed)

    @property
    def _is_change(self) -> bool:
        return self.operation.capability.kind is OperationKind.CHANGE_PIN

    def _first_question(self, decision: Decision) -> Phase:
        if self._is_change:
            return Phase.CHANGE_PIN
        return Phase.NOT_BLOCKED if decision.decision is CardDecision.NOT_BLOCKED else Phase.NEW_PIN
