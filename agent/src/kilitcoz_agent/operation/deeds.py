"""The two deeds done with a card, and what their outcome means for the operation.

The PUK comes after the PIN was typed and is gone when the transaction is: it lives in one call of `_unlock`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from kilitcoz_agent.errors import AgentError, PortalRefused, PortalUnreachable
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.card_work import Asked, CardWork
from kilitcoz_agent.operation.inbox import Inbox
from kilitcoz_agent.operation.operation import FoundCard, Notice, Operation, Step
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.reporting import Reporter
from kilitcoz_agent.operation.typed import Deed
from kilitcoz_agent.portal.port import PortalLink
from kilitcoz_cards.messages import Decision, Outcome, Result, ResultAnswer

RETRY_PORTAL_SECONDS = 3.0

T = TypeVar("T")

#: States in which the portal lets an operation go on.
OPEN_STATES = frozenset({"authorised", "claimed", "identified", "released"})

#: Refusals of a release after which the card is identified once more.
IDENTIFY_AGAIN = frozenset({"release-not-identified"})

#: Faults of a release after which the same PIN may be typed again: nothing was sent to the card.
ASK_AGAIN = frozenset({"portal-unreachable", "vault-busy"})

#: Ends of a transaction in which nothing was lost: the card is identified again and the PIN typed again. The
#: value is what the holder is told then; None: the card itself will show it.
BEGIN_AGAIN: dict[str, str | None] = {
    "wrong-card": None,
    "card-unknown": None,
    "card-lost": "card-not-reached",
    "reader-busy": "card-not-reached",
    "reader-service-missing": "card-not-reached",
    "puk-counter-changed": "puk-counter-changed",
    "puk-not-changeable": "puk-not-changeable",
    "release-late": "release-late",
}


class Deeds:
    """Does them for one operation."""

    def __init__(self, operation: Operation, portal: PortalLink, work: CardWork, inbox: Inbox) -> None:
        self._operation = operation
        self._portal = portal
        self._work = work
        self._inbox = inbox
        self._reporter = Reporter(operation, portal)
        self._undelivered: Result | None = None

    async def do(self, card: FoundCard, deed: Deed) -> None:
        """Unlock or change; afterwards the operation stands at a question, waits for a card, or is over."""
        if deed.act is Act.SET_PIN:
            await self._unlock(card, deed)
        elif deed.act is Act.CHANGE_PIN:
            await self._change(card, deed)

    @property
    def has_undelivered(self) -> bool:
        """Whether the portal has yet to hear how a transaction ended."""
        return self._undelivered is not None

    async def finish(self) -> None:
        """Go on telling the portal what it has not heard; the operation itself is over."""
        if self._undelivered is not None:
            await self._reporter.persistently(self._undelivered)

    async def _unlock(self, card: FoundCard, deed: Deed) -> None:
        assert deed.pin is not None
        asked_at = time.monotonic()
        try:
            release = await self._portal.release()
        except (PortalUnreachable, PortalRefused) as fault:
            self._no_release(fault)
            return
        self._operation.enter(Phase.WORKING, step=Step.CARD)
        asked = Asked(release, asked_at)
        result = await asyncio.to_thread(self._work.unlock, card, self._decision, asked, deed.pin)
        del release, asked, deed
        await self._settle(result, Phase.NEW_PIN)

    def _no_release(self, fault: PortalUnreachable | PortalRefused) -> None:
        """Back to the question or to the card where that helps; otherwise it is the operation's end."""
        if fault.code in ASK_AGAIN:
            self._operation.enter(Phase.NEW_PIN, notice=Notice(fault.code))
        elif fault.code in IDENTIFY_AGAIN:
            self._identify_again("release-not-identified")
        else:
            raise fault

    async def _change(self, card: FoundCard, deed: Deed) -> None:
        assert deed.pin is not None
        assert deed.current is not None
        result = await asyncio.to_thread(self._work.change_pin, card, self._decision, deed.current, deed.pin)
        del deed
        if result.outcome is Outcome.SECRET_REFUSED:
            self._current_pin_wrong(result)
        else:
            await self._settle(result, Phase.CHANGE_PIN)

    @property
    def _decision(self) -> Decision:
        assert self._operation.decision is not None
        return self._operation.decision

    def _current_pin_wrong(self, result: Result) -> None:
        """Nothing was changed, so the portal need not know; a PIN that is now blocked is an unlock's
        business.
        """
        if result.pin.blocked:
            self._identify_again(None)
        else:
            self._operation.saw_pin(result.pin)
            self._operation.enter(
                Phase.CHANGE_PIN, notice=Notice("current-pin-wrong", result.pin.retries_left)
            )

    async def _settle(self, result: Result, question: Phase) -> None:
        """Tell the portal, then go where the outcome leads."""
        record("transaction-done", operation=self._operation.capability.op, outcome=result.outcome.value)
        self._operation.enter(Phase.WORKING, step=Step.REPORT)
        match result.outcome:
            case Outcome.PIN_SET:
                await self._last_report(result)
                self._operation.enter(Phase.DONE)
            case Outcome.PIN_REFUSED:
                await self._pin_refused(result, question)
            case Outcome.ABORTED if result.abort_code in BEGIN_AGAIN:
                await self._begin_again(result, result.abort_code)
            case Outcome.ABORTED | Outcome.LOST:
                await self._last_report(result)
                self._operation.end(result.abort_code or "card-lost")
            case Outcome.SECRET_REFUSED:
                await self._last_report(result)
                self._operation.end("secret-refused")

    async def _begin_again(self, result: Result, code: str) -> None:
        """Look for the card anew, where the portal still lets the operation go on.

        Where nothing was released the portal need not know; telling it would end the operation.
        """
        if result.fence is not None and not await self._is_open_after(result):
            self._operation.end(code)
            return
        self._identify_again(BEGIN_AGAIN[code])

    async def _pin_refused(self, result: Result, question: Phase) -> None:
        """Another PIN. A claim older than a result serves no release, so a new claim comes first."""
        if not await self._is_open_after(result):
            self._operation.end("pin-refused")
        elif result.fence is None:
            self._operation.enter(question, notice=Notice("pin-refused"))
        else:
            self._identify_again("pin-refused")

    def _identify_again(self, told: str | None) -> None:
        """Back to finding the card; `told` is said when it was found."""
        self._operation.carried = Notice(told) if told is not None else None
        self._operation.enter(Phase.IDENTIFYING)

    async def _is_open_after(self, result: Result) -> bool:
        return (await self._report(result)).operation_state in OPEN_STATES

    async def _last_report(self, result: Result) -> None:
        """For an end: tried at once, and where the portal is gone, later, behind the holder's last screen.

        An operation that the portal would let go on is closed, so that the holder can start another.
        """
        try:
            answer = await self._reporter.at_once(result)
            if answer.operation_state in OPEN_STATES:
                await self._portal.abort(result.abort_code or result.outcome.value.replace("_", "-"))
        except PortalUnreachable:
            self._operation.reporting = True
            self._undelivered = result
        except AgentError as refused:
            record("result-refused", operation=self._operation.capability.op, code=refused.code)

    async def _report(self, result: Result) -> ResultAnswer:
        """For an operation that goes on: as long as it takes the portal to be reachable."""
        self._undelivered = result  # should the holder give up meanwhile
        answer = await until_reachable(self._operation, self._inbox, lambda: self._reporter.at_once(result))
        self._undelivered = None
        return answer


async def until_reachable(operation: Operation, inbox: Inbox, call: Callable[[], Awaitable[T]]) -> T:
    """What the call answers, however long the portal is gone; the holder sees that, and may press "again"."""
    phase, step = operation.phase, operation.step
    while True:
        try:
            answer = await call()
        except PortalUnreachable:
            if operation.phase is not Phase.PORTAL_GONE:
                operation.enter(Phase.PORTAL_GONE)
            deed = await inbox.next(RETRY_PORTAL_SECONDS)
            while deed is not None and deed.act is not Act.RETRY:
                deed = await inbox.next(RETRY_PORTAL_SECONDS)
        else:
            if operation.phase is Phase.PORTAL_GONE:
                operation.enter(phase, step=step)
            return answer
