"""Sending: the one door through which an e-mail leaves."""

from datetime import datetime

from kilitcoz_portal.mail.models import OutboxMail


def queue(address: str, subject: str, text: str, *, purpose: str, now: datetime) -> None:
    """Take one e-mail (plain text) for sending, inside the deed's transaction; it leaves after the commit.

    `purpose` is a slug for the books (`notice`, `contact`, `word`).
    """
    OutboxMail.objects.create(to=address, subject=subject, text=text, purpose=purpose, sent_at=now)
