"""Enrolling holders and their cards. Each function is one deed; audit rows are inside its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from kilitcoz_cards.families import BY_NAME
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders import certificates, entries, queries, security_word, word_history, word_rules
from kilitcoz_portal.holders.certificates import Enrolled
from kilitcoz_portal.holders.errors import CardExists, FamilyUnknown, HolderExists, HolderUnknown
from kilitcoz_portal.holders.models import Card, CardCertificate, Holder


@dataclass(frozen=True)
class HolderEntry:
    """A person as entered: id number, name, phone and the security word as people write them; e-mail address
    and the application form's number where they are known.
    """

    id_number: str
    name: str
    phone: str
    security_word: str = field(repr=False)
    email: str = ""
    application_number: str = ""


@dataclass(frozen=True)
class CardEntry:
    """A card as entered, for the holder with `id_number`; certificates by slot (two hex digits), PEM or
    DER.
    """

    id_number: str
    family: str
    card_id: str
    serial: str = ""
    certificates: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def add_holder(entry: HolderEntry, now: datetime) -> Holder:
    """Enrol a person. Raises the EntryError of the first field that is wrong, or HolderExists."""
    holder = checked_holder(entry)
    holder.security_word_hash = security_word.hash_word(entry.security_word)
    holder.created_at = now
    add_checked(holder, now)
    return holder


def add_checked(holder: Holder, now: datetime) -> None:
    """Store a holder whose fields are checked and whose word is hashed. Raises HolderExists."""
    try:
        with transaction.atomic():
            holder.save(force_insert=True)
            record(Event.HOLDER_ADDED, now=now, holder_id=holder.pk)
    except IntegrityError:
        raise HolderExists from None


@dataclass(frozen=True)
class Identity:
    """As an identity document has it; empty where it says nothing, as in Holder."""

    name: str
    surname: str = ""
    passport_of: str = ""


def update_from_application(holder: Holder, seen: Identity, application_number: str, now: datetime) -> None:
    """What an approved application may change of a known holder: the name as on the identity document, and
    which application's number counts. In the caller's transaction.
    """
    renamed = holder.name != seen.name
    if renamed or seen.surname:
        holder.name, holder.surname = seen.name, seen.surname
    holder.passport_of = seen.passport_of or holder.passport_of
    holder.application_number = application_number
    holder.save(update_fields=["name", "surname", "passport_of", "application_number"])
    record(Event.HOLDER_RENEWED, now=now, holder_id=holder.pk, detail={"renamed": renamed})


def rehash_word(holder: Holder, word: str) -> None:
    """The same word under today's parameters and pepper; one that was changed meanwhile stays changed."""
    unchanged = Holder.objects.filter(pk=holder.pk, security_word_hash=holder.security_word_hash)
    unchanged.update(security_word_hash=security_word.hash_word(word))


def checked_holder(entry: HolderEntry) -> Holder:
    """The holder as it would be stored, without the word's hash: what a dry run needs. Raises EntryErrors."""
    number, kind = entries.id_number(entry.id_number)
    holder = Holder(
        id_number=number,
        id_kind=kind,
        name=entries.name(entry.name),
        phone=entries.phone(entry.phone),
        email=entries.email(entry.email),
        application_number=entries.application_number(entry.application_number),
    )
    word_rules.check(entry.security_word, *word_history.known_of(holder))
    if queries.by_id_number(number) is not None:
        raise HolderExists
    return holder


def add_card(entry: CardEntry, now: datetime) -> Card:
    """Enrol a card of a known holder; its secret is the vault's (vault.services.adopt, same transaction).

    Raises the EntryError of the first field that is wrong, HolderUnknown, CardExists.
    """
    card, found = checked_card(entry)
    card.created_at = now
    try:
        with transaction.atomic():
            card.save(force_insert=True)
            CardCertificate.objects.bulk_create(
                CardCertificate(card=card, slot=each.slot, der=each.der, sha256=each.sha256) for each in found
            )
            record(Event.CARD_ADOPTED, now=now, holder_id=card.holder_id, card_id=card.pk)
    except IntegrityError:
        raise CardExists from None
    return card


def replace_certificate(card: Card, slot: str, der: bytes) -> None:
    """The card has another certificate in this slot from now on; inside the caller's transaction."""
    found = certificates.read(slot, der)
    values = {"der": found.der, "sha256": found.sha256}
    CardCertificate.objects.update_or_create(card=card, slot=found.slot, defaults=values)


def checked_card(entry: CardEntry) -> tuple[Card, list[Enrolled]]:
    """The card and its certificates as they would be stored: what a dry run needs. Raises EntryErrors."""
    if entry.family not in BY_NAME:
        raise FamilyUnknown
    card_id = entries.card_id(entry.family, entry.card_id)
    serial = entries.serial(entry.serial)
    found = {slot.lower(): certificates.read(slot.lower(), raw) for slot, raw in entry.certificates.items()}
    key = certificates.card_auth_key(found)
    holder = queries.by_id_number(entry.id_number)
    if holder is None:
        raise HolderUnknown
    if Card.objects.filter(family=entry.family, card_id=card_id).exists():
        raise CardExists
    card = Card(holder=holder, family=entry.family, card_id=card_id, serial=serial, card_auth_key=key)
    return card, list(found.values())
