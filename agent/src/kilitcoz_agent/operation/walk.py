"""What every walk with one card shares: finding the card, and the deeds one after another.

Rule kept here: nobody is waited for inside a transaction.
"""

from __future__ import annotations

from abc import abstractmethod

from kilitcoz_agent.operation.course import Course
from kilitcoz_agent.operation.operation import FoundCard, Notice
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.typed import Deed

RETRY_BUSY_READER_SECONDS = 3.0

#: Phases in which nothing more is asked about the card at hand.
LEFT = frozenset({Phase.WAITING_FOR_CARD, Phase.IDENTIFYING, Phase.DONE, Phase.ENDED})


class Walk(Course):
    """With the one card that the operation is about."""

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
