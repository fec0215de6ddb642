"""Cards that were made elsewhere, by a bureau or an older system: their keys are on them and their PIN is the
holder's. Here they are enrolled, the vault takes their PUK, and their keys get certificates, which are then
written on them.

Asked for again after a crash, or once the authority has come back, it goes on where it stood: each wish for a
certificate is named after the card and the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from kilitcoz_cards.messages import b64u_encode
from kilitcoz_cards.pin import Puk
from kilitcoz_portal.certificates import queries
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import Actor
from kilitcoz_portal.certificates.issuing import Production, produce
from kilitcoz_portal.certificates.models import State
from kilitcoz_portal.holders import making
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.errors import CardExists, CertificateInvalid
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.holders.services import CardEntry, checked_card
from kilitcoz_portal.issuance.keys import CARD_KEY, WANTED
from kilitcoz_portal.vault import services as vault


@dataclass(frozen=True)
class MadeElsewhere:
    """The card without certificates; `public_keys` by slot, SubjectPublicKeyInfo (DER)."""

    entry: CardEntry
    public_keys: Mapping[str, bytes]
    puk: Puk = field(repr=False)
    institution: str = ""


def certify(made: MadeElsewhere, by: Actor, now: datetime) -> dict[str, bytes]:
    """Certificates by slot, DER. They wait to be opened for use.

    Raises the entry's EntryErrors, CertificateInvalid for a slot that gets none, CardExists where the card is
    enrolled otherwise, and CaError: CaUnavailable may be asked again.
    """
    if not made.public_keys or not WANTED.keys() >= made.public_keys.keys():
        raise CertificateInvalid
    card = _enrolled(made, now)
    ders = {slot: _certified(card, slot, made, by, now) for slot in made.public_keys}
    with transaction.atomic():
        making.finish(card, ders, now, seen=False)
        waiting = queries.of_card(card.pk, State.PRODUCED)
        if waiting:
            certificates.hand_over(waiting, by, now)
    return ders


@transaction.atomic
def _enrolled(made: MadeElsewhere, now: datetime) -> Card:
    """The card, in the making; the same one where it was begun before."""
    known = _begun(made)
    if known is not None:
        return known
    card, _none = checked_card(made.entry)
    card = making.begin(card.holder, card.family, card.card_id, card.serial, now)
    vault.adopt(card.ref, card.family, made.puk, now)
    if CARD_KEY in made.public_keys:
        making.keep_card_key(card, made.public_keys[CARD_KEY])
    return card


def _begun(made: MadeElsewhere) -> Card | None:
    """This card, where the same command was given for it before. Raises CardExists for another's."""
    rows = Card.objects.filter(family=made.entry.family, card_id=made.entry.card_id.strip().lower())
    card = rows.select_related("holder").first()
    if card is None:
        return None
    same_key = bytes(card.card_auth_key or b"") == made.public_keys.get(CARD_KEY, b"")
    if card.holder != holders.by_id_number(made.entry.id_number) or not same_key:
        raise CardExists
    return card


def _certified(card: Card, slot: str, made: MadeElsewhere, by: Actor, now: datetime) -> bytes:
    public_key = made.public_keys[slot]
    wish = hashlib.sha256("|".join((card.ref, slot)).encode() + b"|" + public_key).digest()
    production = Production(
        card, slot, WANTED[slot], public_key, b64u_encode(wish), institution=made.institution
    )
    return bytes(produce(production, by, now).der)
