"""A card service in a signature, in the test's own process: the product's messages, Django's client as its
network; what signs is a virtual card or a key of the test's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from django.test import Client
from portal.tests.card_service import SUITE, post

from kilitcoz_cards import signed_attributes
from kilitcoz_cards.allowed import guard
from kilitcoz_cards.conversation import converse
from kilitcoz_cards.families import piv_document
from kilitcoz_cards.families.piv_document import Attributes
from kilitcoz_cards.identity import KeyAlgorithm, certificate_hash
from kilitcoz_cards.messages import (
    Capability,
    DocumentSignature,
    Label,
    Message,
    OperationKind,
    ResultAnswer,
    Sealed,
    SignClaim,
    SignDecision,
    hpke_info,
)
from kilitcoz_cards.pin import Pin
from kilitcoz_simulator import Card

Sign = Callable[[bytes], bytes]
"""Signed attributes to a signature."""


@dataclass(frozen=True)
class Hand:
    """What signs: the certificate (DER) in 9C, and its key."""

    certificate: bytes
    sign: Sign = field(repr=False)


def by_card(card: Card, pin: str) -> Hand:
    """A virtual card, powered for each use, every command past the allow-list of a signature."""
    card.power_on()
    seen = converse(guard(OperationKind.SIGN, piv_document.look()), card.transmit)
    card.power_off()

    def sign(attributes: bytes) -> bytes:
        key = _algorithm(seen.unverified_certificate)
        card.power_on()
        conversation = piv_document.sign(seen, Pin.from_text(pin), Attributes(key, attributes))
        report = converse(guard(OperationKind.SIGN, conversation), card.transmit)
        card.power_off()
        assert report.signature, report
        return report.signature

    return Hand(seen.unverified_certificate, sign)


def by_key(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, certificate: bytes) -> Hand:
    """A key in the test's hand."""

    def sign(attributes: bytes) -> bytes:
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(attributes, padding.PKCS1v15(), hashes.SHA256())
        chosen = hashes.SHA384() if key.curve.name == "secp384r1" else hashes.SHA256()
        return key.sign(attributes, ec.ECDSA(chosen))

    return Hand(certificate, sign)


def _algorithm(certificate: bytes) -> KeyAlgorithm:
    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return KeyAlgorithm(f"rsa-{key.key_size}")
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return KeyAlgorithm.ECC_P384 if key.curve.name == "secp384r1" else KeyAlgorithm.ECC_P256


@dataclass
class SignService:
    """One card service, serving a signature's capability at the time `now`."""

    capability_text: str
    hand: Hand
    now: datetime
    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    client: Client = field(default_factory=Client)
    decision: SignDecision | None = None

    def __post_init__(self) -> None:
        claims = jwt.decode(self.capability_text, options={"verify_signature": False})
        self.capability = Capability.from_members(claims)

    def claim(self, *, card_in: bool = True) -> SignDecision:
        """S3 → S4."""
        seen = certificate_hash(self.hand.certificate) if card_in else None
        said = SignClaim(self.key.public_key().public_bytes_raw(), "0.1.0", seen)
        answer = Sealed.from_json(self.post("claim", self.sealed(said, Label.CLAIM), self.capability_text))
        info = hpke_info(Label.DECISION, self.capability.op, self.capability.nonce)
        self.decision = SignDecision.from_json(SUITE.decrypt(answer.sealed, self.key, info))
        return self.decision

    def signature(self) -> bytes:
        """What the card signs: attributes of its own making, for the document that S4 named."""
        assert self.decision is not None
        assert self.decision.document is not None
        document = self.decision.document
        attributes = signed_attributes.make(document.document_hash, self.hand.certificate)
        assert attributes == document.signed_attributes
        return self.hand.sign(attributes)

    def present(self, signature: bytes) -> ResultAnswer:
        """S5 → S6."""
        body = self.sealed(DocumentSignature(signature), Label.SIGN)
        return ResultAnswer.from_json(self.post("sign", body, self.session))

    def sign(self) -> ResultAnswer:
        """All of it."""
        self.claim()
        return self.present(self.signature())

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
