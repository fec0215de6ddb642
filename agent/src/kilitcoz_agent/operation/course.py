"""What is common to everything that a card service carries through for a portal: acts come in, one task does
the work, and there is an end.

Rules kept here: whatever ends it, the operation is over when `run` returns; a portal that is gone is never
told as a lost card.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from kilitcoz_agent.errors import ActionNotPossible, AgentError, PortalRefused
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.finding import CardFinder, Find
from kilitcoz_agent.operation.inbox import Inbox, OperationEnded
from kilitcoz_agent.operation.operation import Operation
from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.operation.typed import Deed
from kilitcoz_agent.portal.port import PortalCalls
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.errors import CardsError

#: What an operation's closed states are to the holder.
CLOSED_STATES = {
    "succeeded": "operation-closed",
    "failed": "operation-closed",
    "in_doubt": "card-lost",
    "cancelled": "operation-cancelled",
    "expired": "operation-expired",
}


class Course(ABC):
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

    # --- the work -------------------------------------------------------------------------------------------

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

    @abstractmethod
    async def _walk(self) -> None:
        """From the first card to the last word."""


def _end_code(refused: PortalRefused) -> str:
    """What to say of a refusal: where the portal told that the operation is over, that."""
    if refused.code != "operation-state":
        return refused.code
    return CLOSED_STATES.get(refused.operation_state or "", refused.code)
