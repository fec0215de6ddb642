"""The card service itself: at most one operation, the doors by which one comes in, and what the page shows of
it.

Everything here runs on one event loop; card and reader calls run in threads below it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import cast

from kilitcoz_agent.capability import CapabilityGate
from kilitcoz_agent.errors import (
    ActionNotPossible,
    AgentError,
    AnotherOperationOpen,
    CapabilityRefused,
    FieldRefused,
)
from kilitcoz_agent.journal import record
from kilitcoz_agent.operation.card_work import CardWork
from kilitcoz_agent.operation.course import Course
from kilitcoz_agent.operation.desk_run import DeskRun
from kilitcoz_agent.operation.desk_work import DeskWork
from kilitcoz_agent.operation.document_work import DocumentWork
from kilitcoz_agent.operation.login_run import LoginRun
from kilitcoz_agent.operation.login_work import LoginWork
from kilitcoz_agent.operation.operation import Door, Operation
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.operation.renew_run import RenewRun
from kilitcoz_agent.operation.renew_work import RenewWork
from kilitcoz_agent.operation.run import OperationRun
from kilitcoz_agent.operation.sign_run import SignRun
from kilitcoz_agent.operation.typed import FIELDS
from kilitcoz_agent.portal.port import DeskLink, Link, LoginLink, PortalLink, RenewLink, SignLink
from kilitcoz_agent.readers.port import Readers
from kilitcoz_agent.texts import Language
from kilitcoz_agent.trust import TrustStore
from kilitcoz_cards.messages import PAIRING_CODE_ALPHABET, Capability, OperationKind

PAIRING_CODE_LENGTH = 8
LEAST_LIFE_SECONDS = 30.0
SHUTDOWN_SECONDS = 20.0
SHOWN_SECONDS = 600.0

Connect = Callable[[str, Capability], Link]
"""A link to the portal for one capability: its text and its claims."""

Pair = Callable[[str, str], Awaitable[str]]
"""Portal origin and typed code to a capability's text. Raises AgentError."""


class CardService:
    """What the local page talks to."""

    def __init__(
        self,
        *,
        trust: TrustStore,
        gate: CapabilityGate,
        readers: Readers,
        connect: Connect,
        pair: Pair,
        language: Language = Language.TURKISH,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.trust = trust
        self.language = language
        self.version = 0
        self._problem: tuple[str, float] | None = None  # a code about a door, and when it was met
        self._gate, self._readers, self._connect, self._pair, self._clock = (
            gate,
            readers,
            connect,
            pair,
            clock,
        )
        self._run: Course | None = None
        self._done: tuple[OperationKind, float] | None = None  # what ended well, and when it was closed
        self._tasks: dict[asyncio.Task[None], Operation] = {}
        self._changed = asyncio.Event()
        self._leaving = False

    @property
    def operation(self) -> Operation | None:
        """The operation on the screen; one that was over ten minutes ago is not shown any more."""
        if self._run is None:
            return None
        over_at = self._run.operation.over_at
        return None if over_at is not None and _is_old(over_at) else self._run.operation

    @property
    def done(self) -> OperationKind | None:
        """The kind of the operation that was closed after its good end, a moment ago."""
        return self._done[0] if self._done is not None and not _is_old(self._done[1]) else None

    @property
    def problem(self) -> str | None:
        """What went wrong at a door, beside whatever is on the screen."""
        return None if self._problem is None or _is_old(self._problem[1]) else self._problem[0]

    # --- following ------------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Wake whoever follows."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def hold_nobody(self) -> None:
        """The service is about to leave: whoever follows gets an answer now, and is not held back again."""
        self._leaving = True
        self.changed()

    async def newer_than(self, version: int, patience: float) -> None:
        """Return when there is something newer than `version` to show, or `patience` seconds later."""
        if self.version > version or self._leaving:
            return
        try:
            async with asyncio.timeout(patience):
                await self._changed.wait()
        except TimeoutError:
            return

    # --- doors ----------------------------------------------------------------------------------------------

    def open(self, text: str, door: Door) -> None:
        """Begin the operation of a capability; the one already on the screen is simply shown again.

        Raises CapabilityRefused, AnotherOperationOpen; the screen then says so and nothing else has happened.
        """
        now = self._clock()
        capability = self._gate.verify(text, now=now)
        current = self.operation
        if current is not None and not current.is_over:
            if (current.capability.iss, current.capability.nonce) == (capability.iss, capability.nonce):
                return self.tell(None)  # the link was pressed again
            raise AnotherOperationOpen
        self._gate.use(capability, now=now)
        self._begin(text, capability, door, life_seconds=max(capability.exp - now, LEAST_LIFE_SECONDS))
        return None

    def _begin(self, text: str, capability: Capability, door: Door, *, life_seconds: float) -> None:
        operation = Operation(capability, door, self.changed)
        link = self._connect(text, capability)
        self._run = self._walk(operation, link, life_seconds)
        self._done = None
        self.language = Language(capability.lang)
        record("operation-opened", operation=capability.op, kind=capability.kind.value, door=door.value)
        task = asyncio.create_task(self._run.run())
        self._tasks[task] = operation
        task.add_done_callback(self._tasks.pop)
        self.tell(None)

    def _walk(self, operation: Operation, link: Link, life_seconds: float) -> Course:
        """By the operation's kind; `connect` made the link for the same capability."""
        readers, capability = self._readers, operation.capability
        if operation.is_login:
            login = LoginWork(readers, capability, self._clock)
            return LoginRun(operation, cast(LoginLink, link), readers, login, life_seconds=life_seconds)
        if operation.is_signature:
            document = DocumentWork(readers, self._clock)
            return SignRun(operation, cast(SignLink, link), readers, document, life_seconds=life_seconds)
        if capability.kind is OperationKind.PERSONALISE:
            return DeskRun(operation, cast(DeskLink, link), readers, DeskWork(readers, capability))
        if operation.is_renewal:
            renewal = RenewWork(readers, capability)
            return RenewRun(operation, cast(RenewLink, link), readers, renewal, life_seconds=life_seconds)
        work = CardWork(readers, capability)
        return OperationRun(operation, cast(PortalLink, link), readers, work, life_seconds=life_seconds)

    async def pair(self, typed: str, origin: str | None) -> None:
        """Open the operation behind a typed code; `origin` is needed where several portals are pinned.

        Raises FieldRefused for a code that cannot be one, and what `open` and the portal raise.
        """
        code = pairing_code(typed)
        portals = self.portals()
        if origin is None and len(portals) > 1:
            raise FieldRefused({"portal": "portal-not-chosen"})
        origin = portals[0] if origin is None and portals else origin
        if origin is None or origin not in portals:
            raise CapabilityRefused("portal-not-trusted")
        if self.operation is not None and not self.operation.is_over:
            raise AnotherOperationOpen
        text = await self._pair(origin, code)
        if self._gate.verify(text, now=self._clock()).iss != origin:
            raise CapabilityRefused("capability-invalid")
        self.open(text, Door.PAIRING)

    # --- what the holder does -------------------------------------------------------------------------------

    def act(self, act: Act, fields: dict[str, str]) -> None:
        """Do what the page asks. Raises ActionNotPossible, FieldRefused."""
        if act is Act.CHOOSE:
            fields = {"card": "", **fields}  # a browser sends nothing for a choice that was not made
        if fields.keys() != FIELDS[act] or self._run is None:
            raise ActionNotPossible
        self._problem = None
        if act is Act.CLOSE:
            self._close()
        else:
            self._run.act(act, fields)

    def _close(self) -> None:
        if self.operation is not None and not self.operation.is_over:
            raise ActionNotPossible
        over = self.operation
        well = over is not None and over.phase is Phase.DONE
        self._done = (over.capability.kind, time.monotonic()) if over is not None and well else None
        self._run = None
        self.changed()

    def speak(self, language: Language) -> None:
        """Show everything in this language from now on."""
        self.language = language
        self.changed()

    def tell(self, problem: str | None) -> None:
        """Show a problem (a code) beside whatever is on the screen, or no longer."""
        if problem is not None:
            record("door-refused", code=problem)
        self._problem = None if problem is None else (problem, time.monotonic())
        self.changed()

    def portals(self) -> tuple[str, ...]:
        """Origins of the pinned portals; none where their file is damaged."""
        try:
            return tuple(portal.origin for portal in self.trust.portals())
        except AgentError:
            return ()

    async def stop(self) -> None:
        """Let a transaction and its report end, then leave; nobody else is waited for."""
        for task, operation in self._tasks.items():
            if operation.step is None and not operation.reporting:
                task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SHUTDOWN_SECONDS)
        self._readers.close()


def _is_old(then: float) -> bool:
    return time.monotonic() - then > SHOWN_SECONDS


def pairing_code(typed: str) -> str:
    """The code as the portal knows it, from what was typed: spaces and hyphens out, upper case. Raises
    FieldRefused.
    """
    code = "".join(typed.split()).replace("-", "").upper()
    if len(code) != PAIRING_CODE_LENGTH or not set(code) <= set(PAIRING_CODE_ALPHABET):
        raise FieldRefused({"pairing_code": "pairing-code-form"})
    return code
