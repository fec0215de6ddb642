"""What the services pages show of a holder's cards: certificates in plain words, PIN and PUK as last seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card, CardCertificate, Holder
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.pages.unlock_outlook import Outlook, outlook

# SP 800-73-4, part 1, table 4b: what the four PIV slots are for.
PURPOSES: dict[str, str | Promise] = {
    "9a": _("Kimlik doğrulama"),
    "9c": _("İmza"),
    "9d": _("Şifreleme"),
    "9e": _("Kartın kendini tanıtması"),
}
# Kinds of operations after which the card has another PIN.
_SET_A_PIN = ("unlock", "change_pin", "activate")


@dataclass(frozen=True)
class CertificateFacts:
    """One certificate as a holder can read it; `expired` and `early` as of the time of asking."""

    purpose: str | Promise
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    expired: bool
    early: bool


@dataclass(frozen=True)
class CardWithCertificates:
    """A card and what was found on it."""

    pk: int
    label: str
    certificates: list[CertificateFacts]


@dataclass(frozen=True)
class PinState:
    """PIN and PUK of one card as last seen; None means that the card did not tell or was never seen.

    `outlook`: whether it could be unlocked from here now.
    """

    label: str
    pin_blocked: bool | None
    pin_retries_left: int | None
    puk_blocked: bool | None
    puk_retries_left: int | None
    seen_at: datetime | None
    changed_at: datetime | None
    pin_is_new: bool  # last seen when its PIN was set here, which gives back all tries
    outlook: Outlook


def certificates_of(holder_id: int, now: datetime) -> list[CardWithCertificates]:
    """The holder's cards, each with its certificates in the order of the slots."""
    return [
        CardWithCertificates(
            card.pk, card_name(card), [_facts(row, now) for row in card.certificates.order_by("slot")]
        )
        for card in holders.cards_of(holder_id)
    ]


def pin_states_of(holder: Holder, now: datetime, *, beyond_phone: bool) -> list[PinState]:
    """The holder's cards with what is known of their PIN and PUK. `beyond_phone`: proofs.beyond_phone."""
    return [
        _pin_state(card, outlook(holder, card, now, beyond_phone=beyond_phone))
        for card in holders.cards_of(holder.pk)
    ]


def card_name(card: Card) -> str:
    """`…4821`: the end of the serial, or of the card's identifier where no serial is known."""
    return card.label or f"…{card.card_id[-4:]}"


def _pin_state(card: Card, ahead: Outlook) -> PinState:
    ended_well = Operation.objects.filter(card=card, state=State.SUCCEEDED, kind__in=_SET_A_PIN)
    done = ended_well.order_by("-closed_at").first()
    return PinState(
        label=card_name(card),
        pin_blocked=card.pin_blocked,
        pin_retries_left=card.pin_retries_left,
        puk_blocked=card.puk_blocked,
        puk_retries_left=card.puk_retries_left,
        seen_at=card.seen_at,
        changed_at=done.closed_at if done else None,
        pin_is_new=done is not None and done.closed_at == card.seen_at,
        outlook=ahead,
    )


def _facts(row: CardCertificate, now: datetime) -> CertificateFacts:
    certificate = x509.load_der_x509_certificate(bytes(row.der))
    return CertificateFacts(
        purpose=PURPOSES.get(row.slot, row.slot),
        subject=common_name(certificate.subject),
        issuer=common_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        expired=certificate.not_valid_after_utc <= now,
        early=certificate.not_valid_before_utc > now,
    )


def common_name(name: x509.Name) -> str:
    """The name's common name; where it has none, all of it."""
    named = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(named[0].value) if named else name.rfc4514_string()
