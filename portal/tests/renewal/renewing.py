"""A card as the desk made it, near its end, and a card service that renews it: the product's messages and
conversations, Django's client as its network.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from portal.tests import cast
from portal.tests.card_service import CardService
from portal.tests.cast import AYSES_BROWSER, NOW
from portal.tests.certificates.made import DESK, SLOTS

from kilitcoz_cards.allowed import guard
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.families import piv, piv_renew
from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.families.piv_renew import KeyPlan, KeysReport, Making
from kilitcoz_cards.identity import certificate_hash
from kilitcoz_cards.messages import (
    Empty,
    MadeKey,
    MadeKeys,
    ManagementAnswer,
    ManagementChallenge,
    NewCertificates,
    OperationKind,
    RenewalPlan,
    ResultAnswer,
    WrittenCertificates,
    new_key_message,
)
from kilitcoz_cards.pin import Pin
from kilitcoz_portal.certificates import issuing
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.renewal import proofs, services
from kilitcoz_portal.vault import crypto, management, receipts
from kilitcoz_simulator import Card as SimulatedCard
from kilitcoz_simulator.state import ManagementKey

T = TypeVar("T")

AES_256 = 0x0C


@dataclass(frozen=True)
class CardInUse:
    """The card as enrolled and as held, its PIN known to the holder, and what the portal says of it."""

    enrolled: cast.Enrolled
    pin: Pin = field(repr=False)

    @property
    def certificates(self) -> list[Certificate]:
        """All that ever were on it, as they are now."""
        return list(Certificate.objects.filter(card=self.enrolled.card).order_by("pk"))

    @property
    def near_the_end(self) -> datetime:
        """Ten days before the first of those that it began with ends."""
        return min(each.not_after for each in self.certificates) - timedelta(days=10)

    def renewal(self, now: datetime) -> RenewingService:
        """A card service in which this card is, for a new renewal whose code was right."""
        holder, card = self.enrolled.holder, self.enrolled.card
        card.refresh_from_db()
        operation = services.start(holder, card, AYSES_BROWSER, "tr", now)
        receipt = receipts.issue(operation.pk, card.ref, now)
        operations.authorise(operation.pk, AYSES_BROWSER, receipt, now)
        capability = operations.issue_capability(operation.pk, AYSES_BROWSER, now)
        return RenewingService(capability, self.enrolled.simulated, now, pin=self.pin)


def in_use(holder: Holder) -> CardInUse:
    """A card of this holder whose certificates are open, and whose management key only the vault has."""
    enrolled = cast.card_of(holder, blocked=False)
    made = cast.issued(holder.name)
    held = replace(enrolled, simulated=_with_management_key(enrolled))
    for slot, profile in SLOTS.items():
        public = made.certificates[int(slot, 16)].public_key()
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        wish = Production(enrolled.card, slot, profile, spki, certificates.request_id())
        issuing.produce(wish, DESK, NOW)
    rows = list(Certificate.objects.filter(card=enrolled.card))
    certificates.hand_over(rows, DESK, NOW)
    certificates.open_for_use(rows, NOW)
    return CardInUse(held, Pin.from_text(made.pin))


def _with_management_key(enrolled: cast.Enrolled) -> SimulatedCard:
    """As the desk leaves it: the key on the card is one that only the vault has."""
    ref = enrolled.card.ref
    with transaction.atomic():
        management.make(ref, NOW)
        management.prove(ref, NOW)
        key = management._derive(ref)
    on_card = ManagementKey(AES_256, bytes(key))
    crypto.wipe(key)
    return SimulatedCard(replace(enrolled.simulated.state, management_key=on_card))


@dataclass
class RenewingService(CardService):
    """One renewal."""

    pin: Pin = field(default_factory=lambda: Pin.from_text("271828"), repr=False)

    def plan(self) -> RenewalPlan:
        """R2."""
        return RenewalPlan.from_json(self.post("plan", Empty().to_json(), self.session))

    def answer(self, algorithm: ManagementAlgorithm, challenge: bytes) -> bytes:
        """R3 → R4."""
        asked = ManagementChallenge(algorithm, challenge)
        raw = self.post("cryptogram", asked.to_json(), self.session)
        return ManagementAnswer.from_json(raw).cryptogram

    def make(self, plan: RenewalPlan) -> KeysReport:
        """The first transaction."""
        plans = [KeyPlan(each.slot, each.algorithm, each.public_key) for each in plan.keys]
        making = Making(plans, self.message, self.proves, self.answer)
        return self._transact(piv_renew.make_keys(piv.select(), self.pin, making, may_spend_last_try=True))

    def keys(self, report: KeysReport) -> NewCertificates:
        """R5 → R6."""
        made = MadeKeys(tuple(MadeKey(k.slot, k.algorithm, k.public_key, k.signature) for k in report.keys))
        return NewCertificates.from_json(self.post("keys", made.to_json(), self.session))

    def write(self, issued: NewCertificates) -> None:
        """The second transaction. Raises CardsError."""
        self._transact(piv_renew.put_certificates(piv.select(), issued.certificates, self.answer))

    def written(self, issued: NewCertificates) -> ResultAnswer:
        """R7."""
        told = {slot: certificate_hash(der) for slot, der in issued.certificates.items()}
        raw = self.post("written", WrittenCertificates(told).to_json(), self.session)
        return ResultAnswer.from_json(raw)

    def renew(self) -> ResultAnswer:
        """All of it."""
        self.claim()
        issued = self.keys(self.make(self.plan()))
        self.write(issued)
        return self.written(issued)

    def message(self, slot: str) -> bytes:
        """What a new key signs."""
        return new_key_message(self.capability.op, self.capability.nonce, slot)

    def proves(self, plan: KeyPlan, public_key: bytes, signature: bytes) -> bool:
        """Whether it did."""
        return proofs.proves(public_key, plan.algorithm, self.message(plan.slot), signature)

    def _transact(self, conversation: Conversation[T]) -> T:
        assert self.card is not None
        self.card.power_on()
        try:
            return converse(guard(OperationKind.RENEW, conversation), self.transmit)
        finally:
            self.card.power_off()
