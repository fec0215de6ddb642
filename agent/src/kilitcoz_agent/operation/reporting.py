"""Telling the portal how a transaction ended: at once, and where no answer comes again and again for a while.

The call is idempotent, so an answer that was lost costs nothing. What the portal is told decides only what it
may do next with its secret; the holder's PIN is what the card says it is, told or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from kilitcoz_agent.errors import AgentError, PortalUnreachable
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.operation import Door, Operation
from kilitcoz_agent.origins import origin_of
from kilitcoz_agent.portal.port import PortalLink
from kilitcoz_cards.messages import LoginAnswer, Result, ResultAnswer

AT_ONCE_PAUSES = (0.3, 0.7)
LONGEST_PAUSE_SECONDS = 30.0
GIVE_UP_AFTER_SECONDS = 600.0


class Reporter:
    """Delivers the results of one operation."""

    def __init__(self, operation: Operation, portal: PortalLink) -> None:
        self._operation = operation
        self._portal = portal

    async def at_once(self, result: Result) -> ResultAnswer:
        """Two quick repetitions, no more. Raises PortalUnreachable, PortalRefused, PortalAnswerInvalid."""
        for pause in AT_ONCE_PAUSES:
            try:
                return await self._send(result)
            except PortalUnreachable:
                await asyncio.sleep(pause)
        return await self._send(result)

    async def persistently(self, result: Result) -> None:
        """Go on for ten minutes; the screens change when the portal has heard."""
        for pause in _pauses():
            record("result-not-delivered", operation=self._operation.capability.op, retry_in_s=pause)
            await asyncio.sleep(pause)
            try:
                await self._send(result)
            except PortalUnreachable:
                continue
            except AgentError as refused:
                record("result-refused", operation=self._operation.capability.op, code=refused.code)
            break
        self._operation.reporting = False
        self._operation.on_change()

    async def _send(self, result: Result) -> ResultAnswer:
        answer = await self._portal.result(result)
        operation = self._operation
        record("result-delivered", operation=operation.capability.op, operation_state=answer.operation_state)
        operation.return_to = return_address(operation, answer)
        return answer


def return_address(operation: Operation, answer: ResultAnswer | LoginAnswer) -> str | None:
    """Where "OK" takes the browser: the portal's own page with the completion secret in the fragment.

    None behind the typed code, where this may be another browser than the one that began; None as well for an
    address that is not the portal's.
    """
    if answer.return_url is None or answer.completion is None or operation.door is Door.PAIRING:
        return None
    if "#" in answer.return_url or origin_of(answer.return_url) != operation.capability.iss:
        return None
    return f"{answer.return_url}#c={answer.completion}"


def _pauses() -> Iterator[float]:
    waited, pause = 0.0, 1.0
    while waited < GIVE_UP_AFTER_SECONDS:
        yield pause
        waited += pause
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
