"""What an operation waits for: the holder's next act, a change at the readers, the end of its ten minutes."""

from __future__ import annotations

import asyncio
import time

from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.operation.typed import Deed


class OperationEnded(Exception):  # noqa: N818 - not a fault: the way out of the walk
    """The operation goes no further; `code` is a row of texts.errors."""

    def __init__(self, code: str, *, tell_portal: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.tell_portal = tell_portal


class Inbox:
    """A queue of deeds; None in it says that something was put in or taken out."""

    def __init__(self, life_seconds: float) -> None:
        self._queue: asyncio.Queue[Deed | None] = asyncio.Queue()
        self._deadline = time.monotonic() + life_seconds

    def put(self, deed: Deed) -> None:
        """The holder did something."""
        self._queue.put_nowait(deed)

    def cards_changed(self) -> None:
        """The readers told of a change."""
        self._queue.put_nowait(None)

    async def next(self, patience: float | None = None) -> Deed | None:
        """The next deed; None for a change at the readers, or when `patience` seconds are over.

        Raises OperationEnded when the holder gives up or the operation's life is over.
        """
        left = self._deadline - time.monotonic()
        try:
            async with asyncio.timeout(left if patience is None else min(left, patience)):
                deed = await self._queue.get()
        except TimeoutError:
            if self._deadline <= time.monotonic():
                raise OperationEnded("operation-expired") from None
            return None
        if deed is not None and deed.act is Act.CANCEL:
            raise OperationEnded("cancelled-by-holder")
        return deed
