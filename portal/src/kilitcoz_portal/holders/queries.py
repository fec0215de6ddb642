"""Reading holders and cards."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders.freezing import ASKED_FOR
from kilitcoz_portal.holders.models import Card, CardCertificate, Holder, SuspensionWish, Unfreeze


def by_id_number(id_number: str) -> Holder | None:
    """The holder with this number (T.C. Kimlik No or passport, in any case and with any spaces), or None."""
    return Holder.objects.filter(id_number=entries.plain_id_number(id_number)).first()


def holder(holder_id: int) -> Holder | None:
    """The holder with this key, or None."""
    return Holder.objects.filter(pk=holder_id).first()


def message_language(holder: Holder, of_page: str = "") -> str:
    """The language of what is sent to the holder: the one they chose, else the page's, else as enrolled."""
    return holder.language if holder.language_chosen_at or not of_page else of_page


def word_is_late(holder: Holder, now: datetime) -> bool:
    """Whether the word was one that staff made, and was not changed in time."""
    return holder.word_expires_at is not None and now >= holder.word_expires_at


def cards_of(holder_id: int) -> list[Card]:
    """The holder's cards, as enrolled, oldest first; none that is still at the registrar's desk."""
    return list(Card.objects.filter(holder_id=holder_id, in_making=False).order_by("pk"))


def card_of(holder_id: int, card_pk: int) -> Card | None:
    """This card if it is this holder's, and made, else None."""
    return Card.objects.filter(pk=card_pk, holder_id=holder_id, in_making=False).first()


def by_ref(card_ref: str) -> Card | None:
    """The card with this name in the vault (`Card.ref`), or None."""
    family, _, card_id = card_ref.partition(":")
    return Card.objects.filter(family=family, card_id=card_id).first()


def certificate_enrolled(holder_id: int, sha256: str) -> bool:
    """Whether a certificate with this SHA-256 (hex) was enrolled with one of the holder's cards."""
    return CardCertificate.objects.filter(card__holder_id=holder_id, sha256=sha256).exists()


def owner_of_card(card_pk: str) -> int | None:
    """Whose card this is, by its key as a form sends it; None where there is none."""
    if not (card_pk.isascii() and card_pk.isdecimal() and len(card_pk) < 19):
        return None
    return Card.objects.filter(pk=int(card_pk)).values_list("holder_id", flat=True).first()


def frozen() -> list[Holder]:
    """Everybody whose account is frozen, oldest freeze first."""
    return list(Holder.objects.exclude(frozen_at=None).order_by("frozen_at"))


def suspension_is_asked(holder_id: int) -> bool:
    """Whether a wish that all certificates be suspended has not been settled."""
    return SuspensionWish.objects.filter(holder_id=holder_id, settled_at=None).exists()


def unfreeze_is_asked(holder_id: int, now: datetime) -> bool:
    """Whether a first person asked, within a day, that the account be opened again."""
    asked = Unfreeze.objects.filter(holder_id=holder_id, approved_at=None, asked_at__gt=now - ASKED_FOR)
    return asked.exists()
