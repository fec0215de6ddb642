"""Which certificates may be renewed at home, and when: the installation's settings and the card say so.

Who it is was looked at when the card was made; so a renewal is for who still holds a valid certificate, near
its end, for a key of the same kind, and not for ever (EN 319 411-1, 6.2.3 and 6.3.6).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from kilitcoz_cards.families.piv_renew import RENEWED
from kilitcoz_portal.certificates import queries as certificates
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.renewal.errors import NotDue, NothingToRenew, RenewalNotOffered, RenewedOften
from kilitcoz_portal.renewal.models import RenewalKey
from kilitcoz_portal.vault import management

OPENED = (State.VALID, State.SUSPENDED)


def is_offered() -> bool:
    """Whether holders of this installation may renew at home at all."""
    return bool(settings.KILITCOZ_RENEWAL_DAYS)


def require(card: Card, now: datetime) -> list[Certificate]:
    """What is to be renewed on this card now. Raises RenewalNotOffered, NothingToRenew, NotDue, RenewedOften.

    A renewal that has begun is gone on with whatever the settings say by then.
    """
    begun = RenewalKey.objects.filter(card=card, written_at=None).exists()
    if not begun and not _can_be_renewed(card):
        raise RenewalNotOffered
    rows = in_use(card, now)
    if not rows:
        raise NothingToRenew
    if begun:
        return rows
    due_from = min(each.not_after for each in rows) - timedelta(days=settings.KILITCOZ_RENEWAL_DAYS)
    if now < due_from:
        raise NotDue(due_from)
    if any(_renewals(each) >= settings.KILITCOZ_RENEWAL_TIMES for each in rows):
        raise RenewedOften
    return rows


def in_use(card: Card, now: datetime) -> list[Certificate]:
    """The newest valid certificate of each key that is renewed, the signature's first."""
    valid = [each for each in certificates.of_card(card.pk, State.VALID) if now < each.not_after]
    newest = {each.slot: each for each in valid if not _is_superseded(each)}
    return [newest[slot] for slot in RENEWED if slot in newest]


def _can_be_renewed(card: Card) -> bool:
    """By the settings and by the card: it proves itself by 9E, and the vault has its management key."""
    return is_offered() and card.card_auth_key is not None and management.is_proved(card.ref)


def _is_superseded(certificate: Certificate) -> bool:
    return certificate.replaced_by.filter(state__in=OPENED).exists()


def _renewals(certificate: Certificate) -> int:
    """How many came before it."""
    count, row = 0, certificate
    while row.replaces is not None:
        count, row = count + 1, row.replaces
    return count
