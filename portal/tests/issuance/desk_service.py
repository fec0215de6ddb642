"""A card service at a registrar's desk in the test's own process: the product's messages and conversations,
Django's client as its network, virtual cards in its reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.test import Client
from portal.tests.card_service import SUITE, post

from kilitcoz_cards.allowed import guard
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import CardsError, ManagementKeyRefused, TransportError
from kilitcoz_cards.families import piv, piv_factory, piv_personalise, plain_puk
from kilitcoz_cards.families.piv_management import Cryptogram, ManagementAlgorithm
from kilitcoz_cards.families.piv_personalise import DeskCard
from kilitcoz_cards.messages import (
    Capability,
    Label,
    OperationKind,
    Release,
    Sealed,
    hpke_info,
    proof_challenge,
)
from kilitcoz_cards.messages.desk import (
    DeskClaim,
    DeskDecision,
    DeskOrder,
    DeskReport,
    DeskStep,
    SealedManagementKey,
    Written,
)
from kilitcoz_cards.pin import Pin
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.issuance import services
from kilitcoz_portal.issuance.models import Batch
from kilitcoz_portal.issuance.services import Wanted
from kilitcoz_simulator import Card, CardTorn

T = TypeVar("T")

FRESH = b"fresh"
PIN = Pin.from_text("83917426")  # a desk draws another for each card, and forgets it
MINUTE = timedelta(minutes=1)
ENDS = frozenset({DeskStep.INSERT, DeskStep.CARD_DONE, DeskStep.REFUSED, DeskStep.FINISHED})


def batch_of(*holders: Holder, now: datetime) -> Batch:
    """A card for each."""
    return services.open_batch([Wanted(each) for each in holders], "Elif", now)


def cryptogram(keys: dict[ManagementAlgorithm, bytes]) -> Cryptogram:
    """By a key that is at hand."""

    def answer(algorithm: ManagementAlgorithm, challenge: bytes) -> bytes:
        if algorithm not in keys:
            raise ManagementKeyRefused("of another cipher")
        of_tdes = algorithm is ManagementAlgorithm.TDES
        cipher = (TripleDES if of_tdes else algorithms.AES)(keys[algorithm])
        encryptor = Cipher(cipher, modes.ECB()).encryptor()
        return encryptor.update(challenge) + encryptor.finalize()

    return answer


FACTORY = cryptogram(dict(piv_factory.MANAGEMENT_KEYS))


@dataclass
class DeskService:
    """One desk, one batch. `card` is in the reader; `turn` counts the reports."""

    batch: Batch
    now: datetime
    card: Card | None = None
    turn: int = 0
    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    decision: DeskDecision | None = None
    orders: list[DeskOrder] = field(default_factory=list)
    client: Client = field(default_factory=Client)

    def open(self) -> DeskDecision:
        """The registrar opens the desk, and the card service claims it."""
        desk = services.open_desk(self.batch.pk, "Elif", "tr", self.now)
        self.capability_text = desk.doors.capability
        claims = jwt.decode(self.capability_text, options={"verify_signature": False})
        self.capability = Capability.from_members(claims)
        return self.claim()

    def claim(self) -> DeskDecision:
        """D3 → D4."""
        said = DeskClaim(self.key.public_key().public_bytes_raw(), "0.1.0")
        body = self.sealed(said.to_json(), Label.CLAIM)
        answer = Sealed.from_json(self.post("claim", body, self.capability_text))
        self.decision = DeskDecision.from_json(
            SUITE.decrypt(answer.sealed, self.key, self.info(Label.DECISION))
        )
        return self.decision

    def report(self, report: DeskReport) -> DeskOrder:
        """D5 → D6."""
        assert self.decision is not None
        self.turn = report.turn
        body = self.sealed(report.to_json(), Label.DESK)
        answer = Sealed.from_json(self.post("desk", body, self.decision.session))
        order = DeskOrder.from_json(SUITE.decrypt(answer.sealed, self.key, self.info(Label.ORDER)))
        self.orders.append(order)
        return order

    def put_in(self, card: Card) -> DeskOrder:
        """From the card's first look to the desk's last word about it. Raises TransportError where it is
        torn.
        """
        self.card = card
        seen = self.look()
        order = self.report(DeskReport(self.turn + 1, seen))
        while order.step not in ENDS:
            report = self.obey(order, seen)
            assert report.card is not None
            seen = report.card
            order = self.report(report)
        return order

    def look(self) -> DeskCard:
        """What the card tells."""
        challenge = proof_challenge(self.capability.op, self.capability.nonce)
        return self.transact(piv_personalise.look(challenge, reader="Virtual PCD", atr="3b00"))

    def obey(self, order: DeskOrder, seen: DeskCard) -> DeskReport:
        """One order and what became of it."""
        blank = DeskReport(self.turn + 1, seen)
        match order.step:
            case DeskStep.NUMBER:
                self.transact(piv_personalise.number(seen, bytes.fromhex(order.guid or ""), [FACTORY]))
            case DeskStep.KEYS:
                keys = self.transact(piv_personalise.make_keys(seen, order.algorithms, [FACTORY]))
                return replace(blank, card=self.look(), keys=keys)
            case DeskStep.WRITE:
                own = self.transact(self.writing(order, seen))
                return replace(blank, card=self.look(), written=Written(own))
            case DeskStep.LOCK:
                report = self.transact(plain_puk.unlock(self.same(order, seen), self.release_in(order), PIN))
                return replace(blank, result=report.to_result(order.fence))
        return replace(blank, card=self.look())

    def writing(self, order: DeskOrder, seen: DeskCard) -> Conversation[bool]:
        """The transaction of an order to write."""
        opened = SUITE.decrypt(order.management_key or b"", self.key, self.info(Label.MANAGEMENT))
        key = SealedManagementKey.from_json(opened).to_key()
        ours = cryptogram({key.algorithm: key.value})
        same = self.same(order, seen)
        return piv_personalise.write(same, order.certified, key, ours=ours, factory=FACTORY)

    def release_in(self, order: DeskOrder) -> Release:
        """What the vault sealed into an order to lock."""
        return Release.from_json(
            SUITE.decrypt(order.release or b"", self.key, self.info(Label.RELEASE, order.fence))
        )

    def same(self, order: DeskOrder, seen: DeskCard) -> Conversation[None]:
        """The same card, by its key 9E."""
        key = load_der_public_key(order.card_auth_key or b"")
        assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
        assert seen.proof is not None

        def verify(signature: bytes) -> bool:
            try:
                if isinstance(key, rsa.RSAPublicKey):
                    key.verify(signature, FRESH, padding.PKCS1v15(), hashes.SHA256())
                else:
                    key.verify(signature, FRESH, ec.ECDSA(hashes.SHA256()))
            except InvalidSignature:
                return False
            return True

        check = piv.ProofCheck(seen.proof.algorithm, FRESH, verify)
        return piv.same_card(seen.to_identification(), check)

    def transact(self, conversation: Conversation[T]) -> T:
        """One transaction, every command on the allow-list."""
        card = self.card
        assert card is not None

        def transmit(command: bytes) -> bytes:
            if not card.powered:
                raise TransportError("no power")
            try:
                return card.transmit(command)
            except CardTorn:
                card.power_off()
                raise TransportError("torn") from None

        card.power_on()
        extended = card.state.profile.extended_length
        try:
            return converse(guard(OperationKind.PERSONALISE, conversation), transmit, extended=extended)
        finally:
            card.power_off()

    def sealed(self, plain: bytes, label: Label) -> bytes:
        """A body, sealed to the portal."""
        portal = X25519PublicKey.from_public_bytes(self.capability.hpke)
        return Sealed(SUITE.encrypt(plain, portal, self.info(label))).to_json()

    def info(self, label: Label, fence: int | None = None) -> bytes:
        """What a sealed message is bound to."""
        return hpke_info(label, self.capability.op, self.capability.nonce, fence)

    def post(self, call: str, body: bytes, bearer: str) -> bytes:
        """One call at `now`. Raises Refused."""
        address = f"/agent/v1/operations/{self.capability.op}/{call}"
        return post(self.client, address, body, bearer, self.now)


def opened(batch: Batch, now: datetime) -> DeskService:
    """A desk that is open for this batch."""
    service = DeskService(batch, now)
    service.open()
    return service


def until_it_lies(tries: Callable[[], DeskOrder]) -> DeskOrder | None:
    """The last order; None where the card left meanwhile."""
    try:
        return tries()
    except CardsError:
        return None
