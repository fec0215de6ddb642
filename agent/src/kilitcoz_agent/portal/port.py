"""What an operation asks of its portal, whatever carries it. Importing this costs nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from kilitcoz_cards.messages import Decision, Identification, Release, Result, ResultAnswer

Post = Callable[[str, bytes, str | None], Awaitable[bytes]]
"""Path, JSON body, bearer → JSON body of a 2xx answer; raises PortalUnreachable, PortalRefused,
PortalAnswerInvalid.
"""


class PortalLink(Protocol):
    """What an operation asks of its portal."""

    async def claim(self, identification: Identification | None) -> Decision:
        """M3 → M4."""

    async def release(self) -> Release:
        """M5 → M6."""

    async def result(self, result: Result) -> ResultAnswer:
        """M7, sent once."""

    async def abort(self, code: str) -> None:
        """Tell the portal that the operation ends here; nobody waits for whether it heard."""
