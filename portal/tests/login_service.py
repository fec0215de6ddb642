"""A card service in a login, in the test's own process: the product's messages and conversations, Django's
client as its network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from django.test import Client
from portal.tests.card_service import SUITE, post

from kilitcoz_cards.authentication import login_challenge
from kilitcoz_cards.conversation import converse
from kilitcoz_cards.families import piv_login
from kilitcoz_cards.families.piv_login import ToSign
from kilitcoz_cards.families.piv_signing import SigningCard, SigningReport
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.messages import (
    Capability,
    Label,
    LoginAnswer,
    LoginClaim,
    LoginDecision,
    LoginToken,
    Message,
    Sealed,
    hpke_info,
)
from kilitcoz_cards.pin import Pin
from kilitcoz_simulator import Card


@dataclass
class LoginService:
    """One card service with one card in its reader, serving a login's capability at the time `now`."""

    capability_text: str
    card: Card
    now: datetime
    address: str = "127.0.0.1"
    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    client: Client = field(default_factory=Client)
    decision: LoginDecision | None = None

    def __post_init__(self) -> None:
        claims = jwt.decode(self.capability_text, options={"verify_signature": False})
        self.capability = Capability.from_members(claims)
        self.client.defaults["REMOTE_ADDR"] = self.address

    def claim(self, *, card_found: bool = True) -> LoginDecision:
        """L3 → L4."""
        said = LoginClaim(self.key.public_key().public_bytes_raw(), "0.1.0", card_found)
        answer = Sealed.from_json(self.post("claim", self.sealed(said, Label.CLAIM), self.capability_text))
        info = hpke_info(Label.DECISION, self.capability.op, self.capability.nonce)
        self.decision = LoginDecision.from_json(SUITE.decrypt(answer.sealed, self.key, info))
        return self.decision

    def token(self, pin: str, *, origin: str = "", challenge: str = "") -> LoginToken:
        """What the card signs, by default for this login."""
        self.card.power_on()
        seen = converse(piv_login.look(), self.card.transmit)
        report = self._sign(seen, pin, origin or self.capability.iss, challenge or self.challenge)
        self.card.power_off()
        assert report.algorithm is not None, report
        return LoginToken(seen.unverified_certificate, report.algorithm, report.signature)

    def _sign(self, seen: SigningCard, pin: str, origin: str, challenge: str) -> SigningReport:
        to_sign = ToSign(KeyAlgorithm.ECC_P256, origin, challenge, bytes(32))
        return converse(piv_login.sign_in(seen, Pin.from_text(pin), to_sign), self.card.transmit)

    def present(self, token: LoginToken) -> LoginAnswer:
        """L5 → L6."""
        return LoginAnswer.from_json(self.post("login", self.sealed(token, Label.LOGIN), self.session))

    def log_in(self, pin: str) -> LoginAnswer:
        """All of it."""
        self.claim()
        return self.present(self.token(pin))

    @property
    def challenge(self) -> str:
        """The operation's."""
        return login_challenge(self.capability.op, self.capability.nonce)

    @property
    def session(self) -> str:
        """The bearer of the later calls."""
        assert self.decision is not None
        return self.decision.session

    def sealed(self, message: Message, label: Label) -> bytes:
        """A body whose message only the portal reads."""
        portal = X25519PublicKey.from_public_bytes(self.capability.hpke)
        info = hpke_info(label, self.capability.op, self.capability.nonce)
        return Sealed(SUITE.encrypt(message.to_json(), portal, info)).to_json()

    def post(self, call: str, body: bytes, bearer: str) -> bytes:
        """One call at `now`. Raises Refused."""
        address = f"/agent/v1/operations/{self.capability.op}/{call}"
        return post(self.client, address, body, bearer, self.now)
