"""A registry of many holders, made in bulk, and some of them ready to walk through an unlock.

One holder with one card is enrolled as the portal stores it; SQL multiplies the rows of every table (holder,
card, certificate, vault secret, its journal, audit events) under other numbers. All share one word's hash,
because a million Argon2id hashes would take two days, and one certificate and one sealed secret, which are
never opened. The holders who walk are drawn at random, so that they lie scattered in every index; they get
real cards and real secrets.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key
from demo.card import make_card
from demo.cast import AYSE

from bench.multiply import hurried, multiply, one_of, scattered, tckn, text
from bench.scripted_card import ScriptedCard
from kilitcoz_cards.identity import certificate_hash
from kilitcoz_cards.pin import Puk
from kilitcoz_simulator.issuing import CARD_AUTHENTICATION, IssuedCard

if TYPE_CHECKING:
    from django.db.models import Model

    from kilitcoz_portal.holders.models import Card, Holder

WORD = "kiraz bahçesi"
FIRST_NAMES = (
    "Ayşe",
    "Mehmet",
    "Zeynep",
    "Mustafa",
    "Elif",
    "Ahmet",
    "Fatma",
    "Emre",
    "Hatice",
    "Çağrı",
    "Işıl",
)
LAST_NAMES = (
    "Yılmaz",
    "Kaya",
    "Demir",
    "Şahin",
    "Çelik",
    "Yıldız",
    "Öztürk",
    "Aydın",
    "Arslan",
    "Doğan",
    "Güneş",
)
SEED = 20_261_123

ID_NUMBER = text(tckn(scattered(9)))
NAME = f"{one_of(FIRST_NAMES, 's.n')} || ' ' || {one_of(LAST_NAMES, 's.n / 11')}"
PHONE = f"'+90532' || {text(scattered(7))}"
SERIAL = text(scattered(8))
CARD_ID = " || ".join([SERIAL] * 4)
CARD_REF = f"'piv:' || {CARD_ID}"
NEXT = "s.n + 1"  # keys begin with the template's 1


@dataclass(frozen=True)
class Walker:
    """A holder who will unlock a card."""

    id_number: str
    phone: str
    card: ScriptedCard
    word: str = field(default=WORD, repr=False)


def fill(holders: int) -> None:
    """Enrols one holder and multiplies it to `holders`. The portal's tables must be empty."""
    from kilitcoz_portal.audit.models import AuditEvent
    from kilitcoz_portal.holders.models import CardCertificate
    from kilitcoz_portal.vault.models import CardSecret, JournalEntry

    holder, card = _enrol_template()
    rows: list[tuple[Model, Mapping[str, str]]] = [
        (holder, {"id": NEXT, "id_number": ID_NUMBER, "name": NAME, "phone": PHONE}),
        (card, {"id": NEXT, "holder_id": NEXT, "card_id": CARD_ID, "serial": SERIAL}),
        (CardCertificate.objects.get(card=card), {"id": NEXT, "card_id": NEXT}),
        (CardSecret.objects.get(pk=card.ref), {"card_ref": CARD_REF}),
        (JournalEntry.objects.get(card_ref=card.ref), {"id": NEXT, "card_ref": CARD_REF}),
    ]
    events = list(AuditEvent.objects.filter(holder_id=holder.pk).order_by("pk"))
    for place, event in enumerate(events, start=1):
        rows.append((event, {"id": f"{len(events)} * s.n + {place}", "holder_id": NEXT}))
    with hurried():
        for row, expressions in rows:
            multiply(row, expressions, holders - 1)
    _settle({type(row) for row, _ in rows})


def walkers(count: int) -> list[Walker]:
    """Draws holders at random and gives each a real card whose PUK the vault knows."""
    from kilitcoz_portal.holders.models import Card

    drawn = random.Random(SEED).sample(range(1, Card.objects.count() + 1), count)
    return [_equip(Card.objects.select_related("holder").get(pk=pk)) for pk in drawn]


def _enrol_template() -> "tuple[Holder, Card]":
    """Ayşe Yılmaz with one card and one certificate, written as the portal writes them."""
    from kilitcoz_portal.audit import services as audit
    from kilitcoz_portal.audit.events import Event
    from kilitcoz_portal.holders import security_word
    from kilitcoz_portal.holders.models import Card, CardCertificate, Holder
    from kilitcoz_portal.vault import services as vault

    now = datetime.now(UTC)
    issued = make_card(AYSE)
    holder = Holder.objects.create(
        id_number=AYSE.id_number,
        id_kind=Holder.IdKind.TCKN,
        name=AYSE.name,
        phone=AYSE.phone,
        security_word_hash=security_word.hash_word(WORD),
        created_at=now,
    )
    card = Card.objects.create(holder=holder, family="piv", created_at=now, **_card_columns(issued))
    certificate = issued.certificates[CARD_AUTHENTICATION]
    CardCertificate.objects.create(card=card, **_certificate_columns(CARD_AUTHENTICATION, certificate))
    vault.adopt(card.ref, "piv", Puk.from_text(issued.puk), now)
    audit.record(Event.HOLDER_ADDED, now=now, holder_id=holder.pk)
    audit.record(Event.CARD_ADOPTED, now=now, holder_id=holder.pk, card_id=card.pk)
    return holder, card


def _equip(card: "Card") -> Walker:
    """A freshly made card in the place of the multiplied one."""
    from kilitcoz_portal.holders.models import CardCertificate
    from kilitcoz_portal.vault import services as vault
    from kilitcoz_portal.vault.models import CardSecret, JournalEntry

    issued = make_card(AYSE)
    CardSecret.objects.filter(pk=card.ref).delete()
    JournalEntry.objects.filter(card_ref=card.ref).delete()
    CardCertificate.objects.filter(card=card).delete()
    for column, value in _card_columns(issued).items():
        setattr(card, column, value)
    card.save()
    rows = [_certificate_columns(slot, certificate) for slot, certificate in issued.certificates.items()]
    CardCertificate.objects.bulk_create(CardCertificate(card=card, **row) for row in rows)
    vault.adopt(card.ref, "piv", Puk.from_text(issued.puk), datetime.now(UTC))
    return Walker(card.holder.id_number, card.holder.phone, _scripted(issued))


def _card_columns(issued: IssuedCard) -> dict[str, object]:
    public = issued.certificates[CARD_AUTHENTICATION].public_key()
    key = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {"card_id": issued.guid, "serial": str(issued.state.serial), "card_auth_key": key}


def _certificate_columns(slot: int, certificate: x509.Certificate) -> dict[str, object]:
    der = certificate.public_bytes(Encoding.DER)
    return {"slot": f"{slot:02x}", "der": der, "sha256": certificate_hash(der)}


def _scripted(issued: IssuedCard) -> ScriptedCard:
    key = load_der_private_key(issued.state.keys[CARD_AUTHENTICATION].private_der, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return ScriptedCard(
        card_id=issued.guid,
        serial=str(issued.state.serial),
        atr=issued.state.profile.atr().hex(),
        certificates={
            f"{slot:02x}": certificate_hash(certificate.public_bytes(Encoding.DER))
            for slot, certificate in issued.certificates.items()
        },
        card_auth_key=key,
    )


def _settle(models: "set[type[Model]]") -> None:
    """Keys go on after the highest one, and the database knows how its columns are filled."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), sorted(models, key=str)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
