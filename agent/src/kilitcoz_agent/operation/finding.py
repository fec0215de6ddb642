"""Which card is the operation's? Found by the capability's hash of the card, or chosen by the holder; never
guessed (A34).

A card is asked once after it was put in, when the reader told of it, and its answer is kept until it is gone:
no card is polled by APDUs. What is not the operation's card is told to nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from kilitcoz_agent.errors import AgentError, ReaderBusy, ReaderServiceMissing
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.operation import FoundCard, Notice
from kilitcoz_agent.readers.port import Readers, ReaderStatus, Statuses
from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.messages import card_hash

WATCH_SECONDS = 1.0
SERVICE_RETRY_SECONDS = 2.0

BUSY = ReaderBusy.code
"""Not an answer of the card: it was not asked, and is asked at the next look."""

Find = Callable[[ReaderStatus], FoundCard]
"""Ask the card in this reader who it is; blocks. Raises CardsError, AgentError."""


@dataclass(frozen=True)
class Sight:
    """What a look at the readers showed: cards that may be the operation's, or why there is none."""

    cards: tuple[FoundCard, ...] = ()
    notice: Notice | None = None


class CardFinder:
    """Looks into the readers for one operation."""

    def __init__(self, readers: Readers, find: Find, wanted: str | None) -> None:
        self._readers = readers
        self._find = find
        self._wanted = wanted
        self._statuses: Statuses | None = ()
        self._seen: dict[tuple[str, int], FoundCard | str] = {}
        self._refused: set[tuple[str, int]] = set()

    async def watch(self, tell: Callable[[], None]) -> None:
        """For ever: sleep in the reader service, and `tell` when something was put in or taken out."""
        while True:
            before = self._statuses
            try:
                known = before if before is not None else ()
                self._statuses = await asyncio.to_thread(self._readers.wait_for_change, known, WATCH_SECONDS)
            except ReaderServiceMissing:
                self._statuses = None
            except CardsError:
                pass  # a reader vanished while it was asked; the next round sees it
            if self._statuses != before:
                tell()
            if self._statuses is None:
                await asyncio.sleep(SERVICE_RETRY_SECONDS)

    async def look(self) -> Sight:
        """Every reader now, each new card asked who it is."""
        try:
            self._statuses = await asyncio.to_thread(self._readers.statuses)
        except ReaderServiceMissing as missing:
            self._statuses = None
            return Sight(notice=Notice(missing.code))
        if not self._statuses:
            return Sight(notice=Notice("reader-missing"))
        present = {
            (status.name, status.insertion): status for status in self._statuses if status.card_present
        }
        self._seen = {key: seen for key, seen in self._seen.items() if key in present and seen != BUSY}
        for key, status in present.items():
            if key not in self._seen:
                self._seen[key] = await asyncio.to_thread(self._ask, status)
        return self._sight()

    def _ask(self, status: ReaderStatus) -> FoundCard | str:
        """The card, or the code of why it is none of ours."""
        if status.mute:
            return "card-mute"
        try:
            card = self._find(status)
        except (CardsError, AgentError) as fault:
            record("card-not-identified", code=fault.code, reader=status.name)
            return fault.code
        record("card-identified", family=card.identification.family, reader=status.name)
        return card

    def _sight(self) -> Sight:
        known = [seen for seen in self._seen.values() if isinstance(seen, FoundCard)]
        ours = tuple(card for card in known if self._may_be_ours(card))
        if ours:
            return Sight(ours)
        if known:
            return Sight(notice=Notice("wrong-card"))
        faults = [seen for seen in self._seen.values() if isinstance(seen, str)]
        return Sight(notice=Notice(faults[0]) if faults else None)

    def _may_be_ours(self, card: FoundCard) -> bool:
        if (card.reader, card.insertion) in self._refused:
            return False
        told = card.identification
        return self._wanted is None or card_hash(told.family, told.card_id) == self._wanted

    def refuse(self, card: FoundCard) -> None:
        """The portal says that this is not the card; it is not offered again before it was taken out."""
        self._refused.add((card.reader, card.insertion))

    def forget(self) -> None:
        """Ask every card again at the next look."""
        self._seen.clear()
        self._refused.clear()

    def is_there(self, card: FoundCard) -> bool:
        """Whether the card has stayed in its reader since it was found."""
        return any(
            status.name == card.reader and status.insertion == card.insertion and status.card_present
            for status in self._statuses or ()
        )
