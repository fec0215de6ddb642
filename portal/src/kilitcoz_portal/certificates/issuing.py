"""Certificates from the authority: one wish, one certificate, however often it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from django.db import transaction

from kilitcoz_portal.ca import choice
from kilitcoz_portal.ca.names import Person
from kilitcoz_portal.ca.port import CertificateRequest
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import changing
from kilitcoz_portal.certificates.actors import Actor
from kilitcoz_portal.certificates.changing import Wish
from kilitcoz_portal.certificates.errors import NotAllowed, SubjectIncomplete
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.certificates.states import WHO, Deed
from kilitcoz_portal.holders.models import Card, Holder


@dataclass(frozen=True)
class Production:
    """A key on a card that wants a certificate. `public_key`: SubjectPublicKeyInfo (DER), made on the card.
    `request_id`: services.request_id(), kept before this is asked.
    """

    card: Card
    slot: str
    profile: ProfileName
    public_key: bytes
    request_id: str
    institution: str = ""
    replaces: Certificate | None = None


def produce(production: Production, by: Actor, now: datetime) -> Certificate:
    """The certificate, on hold; asked again with the same request id, the same one.

    Raises NotAllowed, SubjectIncomplete, and CaError: CaUnavailable may be asked again.
    """
    if by.role not in WHO[Deed.PRODUCE]:
        raise NotAllowed
    request = CertificateRequest(
        production.request_id,
        production.profile,
        _subject(production),
        production.public_key,
        on_hold=True,
    )
    authority = choice.authority()
    if authority.joins_transaction:
        with transaction.atomic():
            return _keep(production, authority.issue(request, now), by, now)
    der = authority.issue(request, now)
    with transaction.atomic():
        return _keep(production, der, by, now)


def person(holder: Holder) -> Person:
    """As the certificate names them. Where the surname is not known by itself, it is the last word.

    Raises SubjectIncomplete.
    """
    if holder.id_kind == Holder.IdKind.PASSPORT and not holder.passport_of:
        raise SubjectIncomplete
    surname = holder.surname or holder.name.split()[-1]
    given_name = holder.name.removesuffix(surname).strip() or surname
    return Person(given_name, surname, holder.id_number, holder.passport_of)


def _subject(production: Production) -> Person | str:
    if production.profile is ProfileName.CARD:
        return production.card.serial or production.card.card_id
    return person(production.card.holder)


def _keep(production: Production, der: bytes, by: Actor, now: datetime) -> Certificate:
    earlier = Certificate.objects.filter(request_id=production.request_id).first()
    if earlier is not None:
        return earlier
    made = x509.load_der_x509_certificate(der)
    row = Certificate.objects.create(
        holder=production.card.holder,
        card=production.card,
        slot=production.slot,
        profile=production.profile,
        institution=production.institution,
        serial_number=f"{made.serial_number:x}",
        request_id=production.request_id,
        der=der,
        not_before=made.not_valid_before_utc,
        not_after=made.not_valid_after_utc,
        state=State.PRODUCED,
        state_at=now,
        replaces=production.replaces,
    )
    wish = Wish(Deed.PRODUCE, by, now)
    changing.write_history(row, "", wish, None)
    changing.write_audit(production.card, [row], wish)
    return row
