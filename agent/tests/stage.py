"""The stage on which stories are played: virtual cards in readers, a counterpart portal, one card service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.tests.counterpart import CounterpartPortal, EnrolledCard
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kilitcoz_agent.capability import CapabilityGate
from kilitcoz_agent.nonces import NonceStore
from kilitcoz_agent.operation.operation import Door, Operation
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.portal.agent_api import Api, api_for, pair
from kilitcoz_agent.readers.port import Readers
from kilitcoz_agent.readers.simulated import SimulatedReaders
from kilitcoz_agent.service import CardService
from kilitcoz_agent.settings import AgentFiles
from kilitcoz_agent.trust import TrustStore
from kilitcoz_cards.identity import certificate_hash
from kilitcoz_cards.messages import Capability
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.faults import FaultPlan
from kilitcoz_simulator.issuing import CARD_AUTHENTICATION, DEFAULT_KEYS, SIGNATURE, CardOrder, Holder, issue
from kilitcoz_simulator.profile import YUBIKEY, Profile
from kilitcoz_simulator.serving import TcpServer
from kilitcoz_simulator.slot import Slot

AYSE, MEHMET = Holder("Ayşe Yılmaz", "10000000146"), Holder("Mehmet Demir", "20000000046")
OLD_PIN, NEW_PIN, PUK = "271828", "314159", "12348765"
SERIAL = 10004821
SECONDS = 15.0


def make_card(
    holder: Holder = AYSE,
    *,
    serial: int = SERIAL,
    blocked: bool = True,
    card_key: bool = True,
    profile: Profile = YUBIKEY,
    puk_retries: int = 3,
    faults: FaultPlan | None = None,
    signature_key: str | None = "ecc-p256",
) -> tuple[Card, EnrolledCard]:
    """A card and what the portal enrolled of it."""
    keys = {slot: name for slot, name in DEFAULT_KEYS.items() if card_key or slot != CARD_AUTHENTICATION}
    keys.pop(SIGNATURE)
    if signature_key is not None:
        keys[SIGNATURE] = signature_key
    order = CardOrder(holder, serial, OLD_PIN, PUK, puk_retries=puk_retries, profile=profile, keys=keys)
    issued = issue(order, now=datetime.now(UTC))
    card = Card(issued.state)
    if blocked:
        block_pin(card)
    card.give_faults(faults or FaultPlan())
    auth = issued.certificates.get(CARD_AUTHENTICATION)
    key = auth.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) if auth else None
    hashes = {
        f"{slot:02x}": certificate_hash(each.public_bytes(Encoding.DER))
        for slot, each in issued.certificates.items()
    }
    signature = issued.certificates[SIGNATURE].public_bytes(Encoding.DER) if signature_key else b""
    return card, EnrolledCard(issued.guid, str(serial), PUK, key, hashes, signature)


class Stage:
    """`with Stage(tmp_path) as stage:`; cards go into its slots, `stage.play(story)` runs an async story."""

    def __init__(self, folder: Path, *, slots: int = 1, card: Card | None = None, **order: object) -> None:
        self._stack = ExitStack()
        self.files = AgentFiles(folder / "agent").make()
        made, enrolled = make_card(**order)  # type: ignore[arg-type]  # as each test names them
        self.card = card or made
        self.portal = CounterpartPortal(enrolled, now=time.time())
        self.slots = [Slot(reinsert_after=None) for _ in range(slots)]
        self.slots[0].insert(self.card)
        self.trust = TrustStore(self.files.trust)
        self.trust.pin(self.portal.pinned)

    def __enter__(self) -> Self:
        self.servers = [TcpServer(slot) for slot in self.slots]
        self.readers: Readers = SimulatedReaders([server.address for server in self.servers])
        for server in self.servers:
            self._stack.enter_context(server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def service(self) -> CardService:
        """A card service as `run` makes it, but for HTTP."""

        def connect(token: str, capability: Capability) -> Api:
            return api_for(self.portal.post, token, capability)

        async def pair_at(origin: str, code: str) -> str:
            assert origin == self.portal.origin
            return await pair(self.portal.post, code)

        gate = CapabilityGate(self.trust, NonceStore(self.files.nonces))
        return CardService(
            trust=self.trust,
            gate=gate,
            readers=self.readers,
            connect=connect,
            pair=pair_at,
            clock=lambda: self.portal.now,
        )

    def play(self, story: Callable[[Actors], Awaitable[object]]) -> None:
        """Run an async story with a card service of its own, which is stopped at its end."""

        async def played() -> None:
            service = self.service()
            try:
                await story(Actors(self, service))
            finally:
                await service.stop()

        asyncio.run(played())

    def swap(self, card: InReader, slot: int = 0) -> None:
        """Take out what is in, put this in."""
        self.slots[slot].insert(card)


class Actors:
    """What a holder can do and see in a story."""

    def __init__(self, stage: Stage, service: CardService) -> None:
        self.stage, self.service = stage, service

    @property
    def operation(self) -> Operation:
        """The operation on the screen."""
        assert self.service.operation is not None
        return self.service.operation

    def follow_link(self, door: Door = Door.LINK) -> None:
        """Click the portal's link."""
        self.service.open(self.stage.portal.capability(), door)

    async def reaches(
        self, phase: Phase, *, notice: str | None = None, seconds: float = SECONDS
    ) -> Operation:
        """Wait for a phase, with this notice if one is given."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            told = self.operation.notice.code if self.operation.notice is not None else None
            if self.operation.phase is phase and notice in (None, told):
                return self.operation
            await self.service.newer_than(self.service.version, 0.05)
        state = f"{self.operation.phase}, {self.operation.notice}, {self.operation.ended_by}"
        raise AssertionError(f"waited for {phase} {notice or ''}, it is {state}")

    async def sees(self, condition: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came"
            await asyncio.sleep(0.01)

    def types(self, pin: str = NEW_PIN, repeat: str | None = None) -> None:
        """Fill in figure 8 and press the button."""
        self.service.act(Act.SET_PIN, {"pin": pin, "repeat": pin if repeat is None else repeat})

    def changes(self, current: str, pin: str = NEW_PIN) -> None:
        """The same with the present PIN."""
        self.service.act(Act.CHANGE_PIN, {"current": current, "pin": pin, "repeat": pin})

    def signs_in(self, pin: str = OLD_PIN) -> None:
        """Type the card's PIN and press "Giriş"."""
        self.service.act(Act.SIGN_IN, {"pin": pin})

    def signs(self, pin: str = OLD_PIN) -> None:
        """Type the card's PIN and press "İmzala"."""
        self.service.act(Act.SIGN, {"pin": pin})

    def does(self, act: Act, **fields: str) -> None:
        """Press another button."""
        self.service.act(act, fields)

    async def unlocks(self) -> Operation:
        """From the link to the box of figure 9."""
        self.follow_link()
        await self.reaches(Phase.NEW_PIN)
        self.types()
        return await self.reaches(Phase.DONE)


def pin_works(card: Card, pin: str = NEW_PIN) -> bool:
    """Whether the card takes this PIN, asked outside of all stories; costs a try when not."""
    card.power_on()
    card.transmit(bytes.fromhex("00a4040005a000000308"))
    answer = card.transmit(bytes.fromhex("0020008008") + pin.encode().ljust(8, b"\xff"))
    card.power_off()
    return answer[-2:] == b"\x90\x00"


def without_extensions() -> Profile:
    """A card without vendor commands: no serial number, no counters but by VERIFY."""
    return replace(YUBIKEY, extensions=False)
