"""The cast, and what they hold in their hands: Ayşe's card is a real one of the simulator, her PIN
blocked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count

from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction

from kilitcoz_cards.messages import OperationKind
from kilitcoz_cards.pin import Puk
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders import services as holders
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.holders.services import CardEntry
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.vault import receipts
from kilitcoz_portal.vault import services as vault
from kilitcoz_simulator import Card as SimulatedCard
from kilitcoz_simulator import CardOrder, IssuedCard, Profile, block_pin, issue
from kilitcoz_simulator import Holder as CardHolder
from kilitcoz_simulator.profile import YUBIKEY

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WORD = "kiraz bahçesi"
AYSES_BROWSER = "ayses-browser-0123456789"
KEREMS_BROWSER = "kerems-browser-0123456789"


@dataclass(frozen=True)
class Enrolled:
    """A holder, the card as enrolled, the card as held, and its first PUK."""

    holder: Holder
    card: Card
    simulated: SimulatedCard
    puk: str = field(repr=False)


@cache
def _word_hash() -> str:
    """One Argon2id hash for all tests: each takes a tenth of a second."""
    return security_word.hash_word(WORD)


def ayse() -> Holder:
    """Ayşe Yılmaz."""
    return _holder("10000000146", "Ayşe Yılmaz", "+905321234567")


def mehmet() -> Holder:
    """Mehmet Demir."""
    return _holder("20000000046", "Mehmet Demir", "+905329876543")


def _holder(id_number: str, name: str, phone: str) -> Holder:
    return Holder.objects.create(
        id_number=id_number,
        id_kind=Holder.IdKind.TCKN,
        name=name,
        phone=phone,
        security_word_hash=_word_hash(),
        created_at=NOW,
    )


_passports = count(1)


def somebody() -> Holder:
    """One more holder, for tests that need a fresh one each round."""
    number = next(_passports)
    return _holder(f"P{number:07d}", f"Holder {number}", "+905321234567")


def issued(name: str, profile: Profile = YUBIKEY) -> IssuedCard:
    """A card as it leaves the issuer: P-256 keys, three tries each. The same one for the same person."""
    return _issued(name, profile)


@cache
def _issued(name: str, profile: Profile) -> IssuedCard:
    return issue(CardOrder(CardHolder(name), serial=12_344_821, profile=profile), now=NOW)


def card_of(
    holder: Holder, *, profile: Profile = YUBIKEY, puk: str | None = None, blocked: bool = True
) -> Enrolled:
    """The holder's card, its PIN blocked, enrolled and its PUK (or a wrong one, `puk`) in the vault."""
    made = issued(holder.name, profile)
    simulated = SimulatedCard(made.state)
    if blocked:
        block_pin(simulated)
    pem = {f"{slot:02x}": each.public_bytes(Encoding.PEM) for slot, each in made.certificates.items()}
    entry = CardEntry(holder.id_number, "piv", made.guid, str(made.state.serial), pem)
    with transaction.atomic():
        card = holders.add_card(entry, NOW)
        vault.adopt(card.ref, card.family, Puk.from_text(puk or made.puk), NOW)
    return Enrolled(holder, card, simulated, made.puk)


def authorised(
    enrolled: Enrolled,
    *,
    now: datetime = NOW,
    browser: str = AYSES_BROWSER,
    kind: OperationKind = OperationKind.UNLOCK,
) -> Operation:
    """An operation whose SMS code was right."""
    operation = operations.start(enrolled.holder, enrolled.card, kind, browser, "tr", now)
    receipt = receipts.issue(operation.pk, enrolled.card.ref, now)
    return operations.authorise(operation.pk, browser, receipt, now)
