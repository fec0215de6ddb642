"""One operation, walked from its first card to its last word. Read top down, it is docs/unlock-protocol.md
M3–M7.

Rules kept here: nobody is waited for inside a transaction (the PIN is typed before, the release fetched
before); what a transaction reports is told to the portal, again and again for a while, whatever else happens;
a portal that is gone is never told to the holder as a lost card.
"""

from __future__ import annotations

import asyncio

from kilitcoz_agent.errors import (
    ActionNotPossible,
    AgentError,
    FieldRefused,
    PortalRefused,
)
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.card_work import CardWork
from kilitcoz_agent.operation.deeds import Deeds, until_reachable
from kilitcoz_agent.operation.finding import CardFinder
from kilitcoz_agent.operation.inbox import Inbox, OperationEnded
from kilitcoz_agent.operation.operation import FoundCard, Notice, Operation, Step
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.typed import Deed, changed_pin, new_pin
from kilitcoz_agent.portal.port import PortalLink
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.messages import CardDecision, Decision, Identification, OperationKind

RETRY_BUSY_READER_SECONDS = 3.0

#: What an operation's closed states are to the holder.
CLOSED_STATES = {
    "succeeded": "operation-closed",
    "failed": "operation-closed",
    "in_doubt": "card-lost",
    "cancelled": "operation-cancelled",
    "expired": "operation-expired",
}

#: Phases in which nothing more is asked about the card at hand.
LEFT = frozenset({Phase.WAITING_FOR_CARD, Phase.IDENTIFYING, Phase.DONE, Phase.ENDED})

DECISION_ENDS = {CardDecision.PUK_EXHAUSTED: "puk-exhausted", CardDecision.MANUAL: "secret-manual"}


class OperationRun:
    """Carries one operation through. `act` is called by the page, `run` is the task that does the rest."""

    def __init__(
        self,
        operation: Operation,
        portal: PortalLink,
        readers: Readers,
        work: CardWork,
        *,
        life_seconds: float,
    ) -> None:
        self.operation = operation
        self._portal = portal
        self._inbox = Inbox(life_seconds)
        self._finder = CardFinder(readers, work.identify, operation.capability.card)
        self._deeds = Deeds(operation, portal, work, self._inbox)

    # --- the holder's side ----------------------------------------------------------------------------------

    def act(self, act: Act, fields: dict[str, str]) -> None:
        """Take what the holder did. Raises ActionNotPossible, FieldRefused; then nothing has changed."""
        if act not in self.operation.acts:
            raise ActionNotPossible
        deed = self._deed_of(act, fields)
        if deed is not None:
            self._inbox.put(deed)

    def _deed_of(self, act: Act, fields: dict[str, str]) -> Deed | None:
        """Check the fields, show that the act was taken, and say what the walk has to do, if anything."""
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

    # --- the walk -------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """From beginning to end; whatever ends it, the operation is over when this returns."""
        watching = asyncio.create_task(self._finder.watch(self._inbox.cards_changed))
        try:
            await self._walk()
        except OperationEnded as ended:
            await self._end(ended.code, tell_portal=ended.tell_portal)
        except PortalRefused as refused:
            await self._end(_end_code(refused), tell_portal=False)
        except (AgentError, CardsError) as fault:
            await self._end(fault.code, tell_portal=True)
        except Exception as fault:  # noqa: BLE001 - an operation never hangs; the journal names the kind of fault
            record("operation-fault", error=type(fault).__name__, operation=self.operation.capability.op)
            await self._end("internal-error", tell_portal=True)
        finally:
            watching.cancel()
        await self._deeds.finish()

    async def _end(self, code: str, *, tell_portal: bool) -> None:
        record("operation-ended", operation=self.operation.capability.op, code=code)
        self.operation.end(code)
        if tell_portal and not self._deeds.has_undelivered:
            await self._portal.abort(code)

    async def _walk(self) -> None:
        sight = await self._finder.look()
        if not sight.cards:
            self.operation.enter(Phase.WAITING_FOR_CARD, notice=sight.notice)
            await self._claim(None)  # so that the portal's page can say: now put the card in
        while not self.operation.is_over:
            card = await self._find()
            decision = await self._identify(card)
            if decision is not None:
                await self._with(card, decision)

    async def _find(self) -> FoundCard:
        """The one card, put in or chosen by the holder."""
        self.operation.card = None
        while True:
            sight = await self._finder.look()
            self.operation.choices = sight.cards
            if len(sight.cards) == 1:
                return sight.cards[0]
            if sight.cards:
                self.operation.enter(Phase.CHOOSING_CARD)
            else:
                self.operation.enter(Phase.WAITING_FOR_CARD, notice=sight.notice or self.operation.carried)
            deed = await self._inbox.next(self._patience(sight.notice))
            if deed is not None and deed.act is Act.CHOOSE:
                chosen = [card for card in sight.cards if card.choice == deed.choice]
                if chosen:
                    return chosen[0]
            elif deed is not None and deed.act is Act.RETRY:
                self._finder.forget()

    @staticmethod
    def _patience(notice: Notice | None) -> float | None:
        """A card that another program holds is tried again; nothing else is."""
        return RETRY_BUSY_READER_SECONDS if notice is not None and notice.code == "reader-busy" else None

    async def _identify(self, card: FoundCard) -> Decision | None:
        """M3 and M4 for a card; None when it is not the operation's."""
        self.operation.card = card
        self.operation.enter(Phase.IDENTIFYING)
        decision = await self._claim(card.identification)
        if decision.decision is CardDecision.WRONG_CARD:
            self._finder.refuse(card)
            self.operation.card = None
            self.operation.enter(Phase.WAITING_FOR_CARD, notice=Notice("wrong-card"))
            return None
        if decision.decision in DECISION_ENDS:
            raise OperationEnded(DECISION_ENDS[decision.decision])
        if self._is_change and card.identification.pin.blocked:
            raise OperationEnded("pin-blocked")
        if decision.decision is CardDecision.NO_CARD:
            raise OperationEnded("portal-answer-invalid")
        return decision

    async def _claim(self, identification: Identification | None) -> Decision:
        """M3 → M4, as long as it takes the portal to be reachable."""
        decision = await until_reachable(
            self.operation, self._inbox, lambda: self._portal.claim(identification)
        )
        self.operation.decision = decision
        return decision

    async def _with(self, card: FoundCard, decision: Decision) -> None:
        """The holder's choice and the PINs, as often as it takes, until the card is gone or the operation
        over.
        """
        self.operation.enter(self._first_question(decision), notice=self.operation.carried)
        self.operation.carried = None
        while self.operation.phase not in LEFT:
            await self._next_deed(card)
        self._finder.forget()  # what the card told before a transaction is not so any more

    async def _next_deed(self, card: FoundCard) -> None:
        """One round; the deed, and the PIN in it, are gone when this returns."""
        deed = await self._inbox.next()
        if deed is not None:
            await self._deeds.do(card, deed)
        elif not self._finder.is_there(card):
            self.operation.enter(Phase.WAITING_FOR_CARD)

    @property
    def _is_change(self) -> bool:
        return self.operation.capability.kind is OperationKind.CHANGE_PIN

    def _first_question(self, decision: Decision) -> Phase:
        if self._is_change:
            return Phase.CHANGE_PIN
        return Phase.NOT_BLOCKED if decision.decision is CardDecision.NOT_BLOCKED else Phase.NEW_PIN


def _end_code(refused: PortalRefused) -> str:
    """What to say of a refusal: where the portal told that the operation is over, that."""
    if refused.code != "operation-state":
        return refused.code
    return CLOSED_STATES.get(refused.operation_state or "", refused.code)
