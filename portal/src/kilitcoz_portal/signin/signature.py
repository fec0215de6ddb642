"""E-imzalı Giriş: the browser shows its certificate to another origin of ours, where TLS asks for it, and
comes back.

A ticket ties the way there and the way back to one browser: who shows a certificate for somebody else's
ticket gets the secret that completes it, and only the browser that took the ticket can use that secret. So a
link that a thief mails logs nobody in (A18b).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import card_login
from kilitcoz_portal.signin.errors import SignatureNotBegun, SignatureTicketLate, SignInError
from kilitcoz_portal.signin.models import SignatureTicket
from kilitcoz_portal.trust import services as trust
from kilitcoz_portal.trust.errors import TrustError
from kilitcoz_portal.trust.services import Usage

LIFE = timedelta(minutes=5)
TRIES_ALLOWED = 5


def is_offered() -> bool:
    """Whether this installation has an origin that asks for certificates."""
    return bool(settings.KILITCOZ_SIGNATURE_ORIGIN)


def begin(browser: str, language: str, now: datetime) -> str:
    """A ticket for this browser (22 characters); tickets nobody used in time are cleared away on the way."""
    SignatureTicket.objects.filter(expires_at__lt=now - LIFE).delete()
    ticket = SignatureTicket.objects.create(
        id=secrets.token_urlsafe(16), browser=browser, language=language, expires_at=now + LIFE
    )
    return ticket.pk


def language_of(ticket_id: str) -> str | None:
    """The language in which the holder came; None for a ticket that is not known."""
    return SignatureTicket.objects.filter(pk=ticket_id).values_list("language", flat=True).first()


def present(ticket_id: str, certificate: bytes, chain: Sequence[bytes], now: datetime) -> str:
    """Record against the ticket whose certificate (DER) TLS has proved; the completion secret for the way
    back.

    Raises SignatureTicketLate, and what `trust.validate` and `card_login.holder_of` raise. A refusal costs
    one of the ticket's tries.
    """
    if _usable(ticket_id, now).update(tries=F("tries") + 1) != 1:
        raise SignatureTicketLate
    try:
        identity = trust.validate(certificate, chain, usage=Usage.AUTHENTICATION, now=now)
        holder = card_login.holder_of(identity, now)
    except (TrustError, SignInError) as refusal:
        refused(refusal, now)
        raise
    completion = secrets.token_urlsafe(32)
    with transaction.atomic():
        claimed = SignatureTicket.objects.filter(pk=ticket_id, presented_at=None, expires_at__gt=now)
        if claimed.update(presented_at=now, holder=holder, completion_hash=_hash(completion)) != 1:
            raise SignatureTicketLate
        audit.record(
            Event.SIGNATURE_PRESENTED,
            now=now,
            holder_id=holder.pk,
            detail={"certificate": identity.certificate_sha256},
        )
    return completion


def finish(browser: str, ticket_id: str, completion: str, now: datetime) -> Holder:
    """Use the ticket up: the holder whose certificate was shown for it, if this browser took it and brings
    the secret. Raises SignatureNotBegun.
    """
    mine = SignatureTicket.objects.filter(pk=ticket_id, browser=browser, used_at=None, expires_at__gt=now)
    ticket = mine.select_related("holder").first()
    brought = ticket is not None and hmac.compare_digest(
        bytes(ticket.completion_hash or b""), _hash(completion)
    )
    if ticket is None or ticket.holder is None or not brought or mine.update(used_at=now) != 1:
        refused(SignatureNotBegun(), now)
        raise SignatureNotBegun
    return ticket.holder


def refused(refusal: SignInError | TrustError, now: datetime) -> None:
    """Put the refusal into the books, with the rule that refused."""
    detail: audit.Detail = {"code": refusal.code, "reason": getattr(refusal, "reason", "")}
    audit.record(Event.SIGNATURE_REFUSED, now=now, detail=detail)


def _usable(ticket_id: str, now: datetime) -> QuerySet[SignatureTicket]:
    return SignatureTicket.objects.filter(
        pk=ticket_id, presented_at=None, expires_at__gt=now, tries__lt=TRIES_ALLOWED
    )


def _hash(completion: str) -> bytes:
    """256 random bits need no key and no salt."""
    return hashlib.sha256(completion.encode()).digest()
