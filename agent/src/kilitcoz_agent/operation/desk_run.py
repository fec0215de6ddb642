"""A registrar's desk, from the batch's first card to its last. Read top down, it is
docs/issuance-protocol.md, D3–D6.

Rules kept here: the portal says what is done next, and is told what became of it before anything else is
done; a card that is gone or refuses is put aside, and the next one may come; nothing begins before the
registrar has said so.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from kilitcoz_agent.errors import AgentError, PortalRefused
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.card_work import Asked
from kilitcoz_agent.operation.course import Course
from kilitcoz_agent.operation.deeds import until_reachable
from kilitcoz_agent.operation.desk_work import DeskWork
from kilitcoz_agent.operation.operation import Batch, FoundCard, Notice, Operation, Step
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.typed import Deed
from kilitcoz_agent.portal.port import DeskLink
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.errors import CardsError, TransportError
from kilitcoz_cards.messages.desk import DeskOrder, DeskReport, DeskStep, Written

LIFE_SECONDS = 12 * 3600.0  # a day at the desk; the portal closes one that does not report for an hour

STEPS: dict[DeskStep, Step] = {
    DeskStep.NUMBER: Step.NUMBER,
    DeskStep.KEYS: Step.KEYS,
    DeskStep.WRITE: Step.WRITE,
    DeskStep.LOCK: Step.LOCK,
}


class DeskRun(Course):
    """Carries one batch through."""

    def __init__(self, operation: Operation, portal: DeskLink, readers: Readers, work: DeskWork) -> None:
        super().__init__(operation, portal, readers, work.find, life_seconds=LIFE_SECONDS)
        self._desk = portal
        self._work = work
        self._turn = 0
        self._asked_at = 0.0  # when the order at hand was asked for, monotonic

    def _deed_of(self, act: Act, fields: dict[str, str]) -> Deed | None:  # noqa: ARG002 - no act here has any
        return Deed(act)

    @property
    def _has_undelivered(self) -> bool:
        return False  # what the portal has not heard, it finds out at the card's next contact

    async def _finish(self) -> None:
        """Nothing of a batch outlives its operation."""

    async def _walk(self) -> None:
        decision = await self._desk.claim()
        self.operation.batch = Batch(decision.batch, decision.total, decision.done)
        await self._tell(None)
        self.operation.enter(Phase.DESK)
        await self._until(Act.BEGIN)
        self.operation.enter(Phase.NEXT_CARD)
        while not self.operation.is_over:
            card = await self._next_card()
            await self._make(card)
            if self.operation.phase is Phase.TAKE_OUT:
                await self._taken_out(card)
                self.operation.enter(Phase.NEXT_CARD, notice=self.operation.carried)

    async def _until(self, act: Act) -> None:
        deed = await self._inbox.next()
        while deed is None or deed.act is not act:
            deed = await self._inbox.next()

    async def _next_card(self) -> FoundCard:
        """The one card that is in; with several nobody would know which is which."""
        self.operation.card = None
        while True:
            sight = await self._finder.look()
            if len(sight.cards) == 1:
                self.operation.card = sight.cards[0]
                return sight.cards[0]
            notice = Notice("desk-one-card") if sight.cards else sight.notice or self.operation.carried
            if notice != self.operation.notice:
                self.operation.enter(Phase.NEXT_CARD, notice=notice)
            deed = await self._inbox.next()
            if deed is not None:
                self._finder.forget()

    async def _make(self, card: FoundCard) -> None:
        """As far as it goes: whole, put aside, or gone."""
        self.operation.carried = None
        self._finder.forget()  # what it told is not so any more once something was written
        self.operation.enter(Phase.MAKING, step=Step.LOOK)
        try:
            await self._carry_on(card)
        except TransportError as lost:
            record("card-left", operation=self.operation.capability.op, code=lost.code)
            self.operation.carried = Notice("desk-card-lost")
            self.operation.enter(Phase.TAKE_OUT, notice=self.operation.carried)
        except PortalRefused:
            raise
        except (CardsError, AgentError) as fault:
            record("card-put-aside", operation=self.operation.capability.op, code=fault.code)
            self.operation.enter(Phase.TAKE_OUT, notice=Notice(fault.code))

    async def _carry_on(self, card: FoundCard) -> None:
        order = await self._tell(card)
        while order.step in STEPS or order.step is DeskStep.LOOK:
            if order.step in STEPS:
                self.operation.enter(Phase.MAKING, step=STEPS[order.step])
            report = await asyncio.to_thread(self._obey, card, order, self._asked_at)
            card = _as_seen(card, report)
            order = await self._send(report)
        if order.step is DeskStep.REFUSED:
            self.operation.enter(Phase.TAKE_OUT, notice=Notice(order.code or "internal-error"))
        elif order.done >= order.total:
            self.operation.enter(Phase.DONE)
        else:
            self.operation.enter(Phase.TAKE_OUT)

    def _obey(self, card: FoundCard, order: DeskOrder, asked_at: float) -> DeskReport:
        """One order, and what became of it, with the card looked at again; of a lock with the card as it was,
        because its result counts even if the card is gone. Blocks.
        """
        work, blank = self._work, DeskReport(self._turn + 1, card.desk_card)
        if order.step is DeskStep.LOCK:
            asked = Asked(self._desk.release_in(order), asked_at)
            return replace(blank, result=work.lock(card, order.card_auth_key or b"", asked))
        if order.step is DeskStep.KEYS:
            made = work.make_keys(card, order.algorithms)
            return replace(blank, card=work.look(card).desk_card, keys=made)
        if order.step is DeskStep.WRITE:
            key = self._desk.management_key_in(order)
            own = work.write(card, order.certified, order.card_auth_key or b"", key)
            return replace(blank, card=work.look(card).desk_card, written=Written(own))
        if order.step is DeskStep.NUMBER:
            work.number(card, order.guid or "")
        return replace(blank, card=work.look(card).desk_card)

    async def _tell(self, card: FoundCard | None) -> DeskOrder:
        """What is in the reader; what is to be done."""
        return await self._send(DeskReport(self._turn + 1, card.desk_card if card is not None else None))

    async def _send(self, report: DeskReport) -> DeskOrder:
        """As long as it takes the portal to be reachable; sent again, a report is the same report."""
        self._turn, self._asked_at = report.turn, time.monotonic()
        order = await until_reachable(self.operation, self._inbox, lambda: self._desk.report(report))
        batch = self.operation.batch
        assert batch is not None
        self.operation.batch = replace(
            batch,
            total=order.total,
            done=order.done,
            person=order.person,
            application=order.application,
            last_four=order.last_four,
        )
        return order

    async def _taken_out(self, card: FoundCard) -> None:
        """The registrar takes the card out, or wants it tried again."""
        while self._finder.is_there(card):
            deed = await self._inbox.next()
            if deed is not None:
                return


def _as_seen(card: FoundCard, report: DeskReport) -> FoundCard:
    """The card as it was reported last."""
    if report.card is None:
        return card
    return replace(card, identification=report.card.to_identification(), desk_card=report.card)
