"""What every operation's walk shares: finding the card, the deeds one after another, and the end.

Rules kept here: nobody is waited for inside a transaction; whatever ends the walk, the operation is over when
`run` returns; a portal that is gone is never told to the holder as a lost card.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from kilitcoz_agent.errors import ActionNotPossible, AgentError, PortalRefused
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.finding import CardFinder, Find
from kilitcoz_agent.operation.inbox import Inbox, OperationEnded
from kilitcoz_agent.operation.operation import FoundCard, Notice, Operation
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.typed import Deed
from kilitcoz_agent.portal.port import PortalCalls
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.errors import CardsError

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


class Walk(ABC):
    """Carries one operation through. `act` is called by the page, `run` is the task that does the rest."""

    def __init__(
        self, operation: Operation, portal: PortalCalls, readers: Readers, find: Find, *, life_seconds: float
    ) -> None:
        self.operation = operation
        self._calls = portal
        self._inbox = Inbox(life_seconds)
        self._finder = CardFinder(readers, find, operation.capability.card)

    # --- the holder's side ----------------------------------------------------------------------------------

    def act(self, act: Act, fields: dict[str, str]) -> None:
        """Take what the holder did. Raises ActionNotPossible, FieldRefused; then nothing has changed."""
        if act not in self.operation.acts:
            raise ActionNotPossible
        deed = self._deed_of(act, fields)
        if deed is not None:
            self._inbox.put(deed)

    @abstractmethod
    def _deed_of(self, act: Act, fields: dict[str, str]) -> Deed | None:
        """Check the fields, show that the act was taken, and say what the walk has to do, if anything."""

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
        await self._finish()

    async def _end(self, code: str, *, tell_portal: bool) -> None:
        record("operation-ended", operation=self.operation.capability.op, code=code)
        self.operation.end(code)
        if tell_portal and not self._has_undelivered:
            await self._calls.abort(code)

    @property
    @abstractmethod
    def _has_undelivered(self) -> bool:
        """Whether the portal has yet to hear how a transaction ended."""

    @abstractmethod
    async def _finish(self) -> None:
        """What is still to be done once the operation itself is over."""

    async def _walk(self) -> None:
        sight = await self._finder.look()
        if not sight.cards:
            self.operation.enter(Phase.WAITING_FOR_CARD, notice=sight.notice)
            await self._claim_without_card()  # so that the portal's page can say: now put the card in
        while not self.operation.is_over:
            card = await self._find()
            if await self._identify(card):
                await self._with(card)

    @abstractmethod
    async def _claim_without_card(self) -> None:
        """The portal hears that a card service is there, and no card."""

    @abstractmethod
    async def _identify(self, card: FoundCard) -> bool:
        """What the portal makes of a card; False when it is not the operation's."""

    @abstractmethod
    def _begin(self, card: FoundCard) -> None:
        """Enter the phase of the first question."""

    @abstractmethod
    async def _do(self, card: FoundCard, deed: Deed) -> None:
        """One deed; afterwards the operation stands at a question, looks for a card, or is over."""

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

    async def _with(self, card: FoundCard) -> None:
        """The holder's choice and the PINs, as often as it takes, until the card is gone or the operation
        over.
        """
        self._begin(card)
        self.operation.carried = None
        while self.operation.phase not in LEFT:
            await self._next_deed(card)
        self._finder.forget()  # what the card told before a transaction is not so any more

    async def _next_deed(self, card: FoundCard) -> None:
        """One round; the deed, and the PIN in it, are gone when this returns."""
        deed = await self._inbox.next()
        if deed is not None:
            await self._do(card, deed)
        elif not self._finder.is_there(card):
            self.operation.enter(Phase.WAITING_FOR_CARD)


def _end_code(refused: PortalRefused) -> str:
    """What to say of a refusal: where the portal told that the operation is over, that."""
    if refused.code != "operation-state":
        return refused.code
    return CLOSED_STATES.get(refused.operation_state or "", refused.code)
