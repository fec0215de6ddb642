"""A card service in the test's own process: the product's messages and conversations, Django's client as
its network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import jwt
import time_machine
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.test import Client

from kilitcoz_cards.conversation import converse
from kilitcoz_cards.errors import CardsError, TransportError
from kilitcoz_cards.families import piv, plain_puk
from kilitcoz_cards.messages import (
    Abort,
    Capability,
    Claim,
    Decision,
    Empty,
    Identification,
    Label,
    Refusal,
    Release,
    Result,
    ResultAnswer,
    Sealed,
    SealedRelease,
    StateAnswer,
    hpke_info,
    proof_challenge,
)
from kilitcoz_cards.pin import Pin
from kilitcoz_simulator import Card, CardTorn

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
NEW_PIN = Pin.from_text("482913")


class Refused(Exception):  # noqa: N818
    """The portal's refusal: `code`, `status`, `state`."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(f"{status} {refusal.code}")
        self.status, self.code, self.state = status, refusal.code, refusal.operation_state


@dataclass
class CardService:
    """One card service with one card in its reader (None: no card), serving one capability at the time
    `now`.
    """

    capability_text: str
    card: Card | None
    now: datetime
    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    decision: Decision | None = None
    seen: Identification | None = None
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        claims = jwt.decode(self.capability_text, options={"verify_signature": False})
        self.capability = Capability.from_members(claims)

    def transmit(self, command: bytes) -> bytes:
        """A reader: what the card does when torn, a transport says as TransportError."""
        assert self.card is not None
        if not self.card.powered:
            raise TransportError("no power")
        try:
            return self.card.transmit(command)
        except CardTorn:
            self.card.power_off()
            raise TransportError("torn") from None

    def identify(self) -> Identification | None:
        """Power on and read; None without a card, or with one that left meanwhile."""
        if self.card is None:
            return None
        self.card.power_on()
        challenge = proof_challenge(self.capability.op, self.capability.nonce)
        slots = ("9a", "9c", "9d", "9e")
        try:
            return converse(piv.identify(challenge, slots, reader="Virtual PCD", atr="3b00"), self.transmit)
        except CardsError:
            return None

    def claim(self) -> Decision:
        """M3 → M4."""
        self.seen = self.identify()
        said = Claim(self.key.public_key().public_bytes_raw(), "0.1.0", self.seen)
        info = hpke_info(Label.CLAIM, self.capability.op, self.capability.nonce)
        portal = X25519PublicKey.from_public_bytes(self.capability.hpke)
        body = Sealed(SUITE.encrypt(said.to_json(), portal, info)).to_json()
        answer = Sealed.from_json(self.post("claim", body, self.capability_text))
        info = hpke_info(Label.DECISION, self.capability.op, self.capability.nonce)
        self.decision = Decision.from_json(SUITE.decrypt(answer.sealed, self.key, info))
        return self.decision

    def release(self) -> Release:
        """M5 → M6."""
        answer = SealedRelease.from_json(self.post("release", Empty().to_json(), self.session))
        info = hpke_info(Label.RELEASE, self.capability.op, self.capability.nonce, answer.fence)
        return Release.from_json(SUITE.decrypt(answer.sealed, self.key, info))

    def transact(self, release: Release, pin: Pin = NEW_PIN) -> Result:
        """The transaction, and its report."""
        assert self.card is not None
        assert self.seen is not None
        self.card.power_on()
        identity = piv.same_card(self.seen)
        report = converse(plain_puk.unlock(identity, release, pin), self.transmit)
        self.card.power_off()
        return report.to_result(release.fence)

    def report(self, result: Result) -> ResultAnswer:
        """M7."""
        return ResultAnswer.from_json(self.post("result", result.to_json(), self.session))

    def abort(self, code: str, bearer: str | None = None) -> StateAnswer:
        """The card service stops."""
        return StateAnswer.from_json(self.post("abort", Abort(code).to_json(), bearer or self.session))

    def unlock(self, pin: Pin = NEW_PIN) -> ResultAnswer:
        """All of it."""
        self.claim()
        return self.report(self.transact(self.release(), pin))

    @property
    def session(self) -> str:
        """The bearer of the later calls."""
        assert self.decision is not None
        return self.decision.session

    def post(self, call: str, body: bytes, bearer: str) -> bytes:
        """One call at `now`. Raises Refused."""
        address = f"/agent/v1/operations/{self.capability.op}/{call}"
        return post(self.client, address, body, bearer, self.now)


def post(client: Client, address: str, body: bytes, bearer: str | None, now: datetime) -> bytes:
    """POST as the card service does. Raises Refused for a 4xx or 5xx with a code."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    with time_machine.travel(now, tick=False):
        response = client.post(address, body, content_type="application/json", headers=headers)
    if response.status_code != 200:
        raise Refused(response.status_code, Refusal.from_json(response.content))
    content: bytes = response.content
    return content
