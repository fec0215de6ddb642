"""A card service that somebody else wrote: it speaks the protocol well, and does with it what it likes."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from cryptography.hazmat.primitives.serialization import Encoding

from e2e.abuse.forgery import Forger
from e2e.installation import Enrolled, Installation
from kilitcoz_agent.errors import PortalRefused
from kilitcoz_agent.portal.agent_api import AgentApi
from kilitcoz_agent.portal.port import PortalLink
from kilitcoz_cards.identity import certificate_hash
from kilitcoz_cards.messages import Capability, Decision, Identification, Proof, Refusal, Release, Result
from kilitcoz_cards.pin import PinState

T = TypeVar("T")


@dataclass
class RogueService:
    """Holds somebody's capability and a one-time key of its own. Refusals are kilitcoz_agent.errors.

    `presented`: another text that it shows to the portal in the capability's place.
    """

    place: Installation
    capability: str
    presented: str = ""

    def __post_init__(self) -> None:
        claims = Capability.from_members(Forger(self.place, self.capability).claims)
        self._link: PortalLink = AgentApi(self._post, self.presented or self.capability, claims)

    def claim(self, identification: Identification | None = None) -> Decision:
        """M3 → M4."""
        return _wait(lambda: self._link.claim(identification))

    def release(self) -> Release:
        """M5 → M6."""
        return _wait(self._link.release)

    def result(self, result: Result) -> str:
        """M7; the operation's state."""
        return _wait(lambda: self._link.result(result)).operation_state

    async def _post(self, path: str, body: bytes, bearer: str | None) -> bytes:
        headers = {"content-type": "application/json", "authorization": f"Bearer {bearer}"}
        url = f"{self.place.origin}{path}"
        answer = httpx.post(url, content=body, headers=headers, trust_env=False, timeout=30)
        if not answer.is_success:
            refusal = Refusal.from_json(answer.content)
            raise PortalRefused(refusal.code, refusal.operation_state)
        return answer.content


def as_it_is_enrolled(holder: Enrolled, proof: Proof | None = None) -> Identification:
    """What anybody can say of a card whose public parts were seen once."""
    note = holder.note
    certificates = {
        slot: certificate_hash(each.public_bytes(Encoding.DER)) for slot, each in note.certificates.items()
    }
    return Identification(
        family=note.family,
        card_id=note.card_id,
        serial=note.serial,
        reader="Virtual PCD 00 00",
        atr=holder.card.atr.hex(),
        certificates=certificates,
        pin=PinState(blocked=True, retries_left=0),
        puk=PinState(blocked=False, retries_left=3),
        proof=proof,
    )


def _wait(call: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The call's answer. In a thread of its own, because Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(call())).result()
