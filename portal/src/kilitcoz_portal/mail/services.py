"""Sending: the doors through which an e-mail is given to the queue, in the transaction of its deed."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.mail.channel import MAIL
from kilitcoz_portal.mail.errors import MailNotOffered
from kilitcoz_portal.outgoing import services as outgoing
from kilitcoz_portal.outgoing.models import Priority
from kilitcoz_portal.outgoing.services import Letter


def queue(address: str, subject: str, text: str, *, purpose: str, now: datetime) -> None:
    """Queue one e-mail (plain text); `purpose` is a slug for the books (`notice`, `contact`, `word`). Nothing
    happens where the installation sends no e-mail.
    """
    if is_offered():
        outgoing.queue(MAIL, Letter(address, purpose, text, subject), Priority.NOTICE, now)


def queue_code(address: str, subject: str, text: str, *, purpose: str, now: datetime) -> int:
    """Queue an e-mail that carries a code; the message's number, for outgoing.queries.progress. Raises
    MailNotOffered.
    """
    if not is_offered():
        raise MailNotOffered
    return outgoing.queue(MAIL, Letter(address, purpose, text, subject), Priority.CODE, now)


def is_offered() -> bool:
    """Whether this installation sends e-mail at all."""
    return bool(MAIL.gateways())
