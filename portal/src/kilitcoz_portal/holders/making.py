"""A card that is being made at the registrar's desk: enrolled from the moment it has a number, shown to its
holder once it is whole. Each function joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders import certificates
from kilitcoz_portal.holders.models import Card, CardCertificate, Holder


def begin(holder: Holder, family: str, card_id: str, serial: str, now: datetime) -> Card:
    """The card's row; IntegrityError where this number is somebody's."""
    return Card.objects.create(
        holder=holder, family=family, card_id=card_id, serial=serial, in_making=True, created_at=now
    )


def keep_card_key(card: Card, public_key: bytes) -> None:
    """The key 9E (SubjectPublicKeyInfo, DER) that was made on it: the card proves itself by it from now."""
    card.card_auth_key = public_key
    card.save(update_fields=["card_auth_key"])


def finish(card: Card, ders: Mapping[str, bytes], now: datetime, *, seen: bool = True) -> None:
    """Whole: its certificates (slot → DER) are enrolled, and its holder sees it. Done before: nothing.

    `seen`: we had it in a reader, so that its PIN and PUK are known to be usable.
    """
    if not card.in_making:
        return
    found = [certificates.read(slot, der) for slot, der in ders.items()]
    CardCertificate.objects.bulk_create(
        CardCertificate(card=card, slot=each.slot, der=each.der, sha256=each.sha256) for each in found
    )
    card.in_making = False
    if seen:
        card.pin_blocked, card.puk_blocked, card.seen_at = False, False, now
    card.save(update_fields=["in_making", "pin_blocked", "puk_blocked", "seen_at"])
    record(Event.CARD_ISSUED, now=now, holder_id=card.holder_id, card_id=card.pk)
