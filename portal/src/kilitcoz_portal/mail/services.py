"""Sending: the doors through which an e-mail is given to the queue, in the transaction of its deed.

An address or a subject is never more than one line of a header.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kilitcoz_portal.mail import gateways
from kilitcoz_portal.mail.channel import MAIL
from kilitcoz_portal.mail.errors import AddressNotAllowed, MailError, MailNotOffered
from kilitcoz_portal.outgoing import services as outgoing
from kilitcoz_portal.outgoing.models import Priority
from kilitcoz_portal.outgoing.services import Letter

log = structlog.get_logger(__name__)

MAX_SUBJECT = 200


def queue(address: str, subject: str, text: str, *, purpose: str, now: datetime) -> None:
    """Queue one e-mail (plain text); `purpose` is a slug for the books (`notice`, `contact`, `word`). Nothing
    happens where the installation sends no e-mail, or the address is none: the deed does not fail for it.
    """
    try:
        outgoing.queue(MAIL, _letter(address, subject, text, purpose), Priority.NOTICE, now)
    except MailError as error:
        log.info("mail-not-queued", purpose=purpose, code=error.code)


def queue_code(address: str, subject: str, text: str, *, purpose: str, now: datetime) -> int:
    """Queue an e-mail that carries a code; the message's number, for outgoing.queries.progress. Raises
    MailNotOffered, AddressNotAllowed.
    """
    return outgoing.queue(MAIL, _letter(address, subject, text, purpose), Priority.CODE, now)


def is_offered() -> bool:
    """Whether this installation sends e-mail at all."""
    return gateways.is_offered()


def _letter(address: str, subject: str, text: str, purpose: str) -> Letter:
    if not is_offered():
        raise MailNotOffered
    try:
        validate_email(address)
    except ValidationError:
        raise AddressNotAllowed from None
    return Letter(address, purpose, text, " ".join(subject.split())[:MAX_SUBJECT])
