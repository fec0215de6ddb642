"""A holder changes phone or e-mail: a fresh proof first (the page's step-up: a code to the old phone), then a
code to the new contact; nothing changes before both.

The change, its audit row and the notices to old and new are one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from kilitcoz_portal.holders import contacts, freezing
from kilitcoz_portal.holders.errors import ContactUnchanged
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.mail import texts as mail_texts
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import About
from kilitcoz_portal.signin import codes
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.errors import NothingAsked
from kilitcoz_portal.signin.models import PendingContact
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.sms import texts as sms_texts
from kilitcoz_portal.sms.phones import require_sendable

LIFE = timedelta(minutes=15)


class Contact(StrEnum):
    """What can be changed."""

    PHONE = "phone"
    EMAIL = "email"


def ask(browser: str, holder: Holder, contact: Contact, value: str, now: datetime) -> PendingContact:
    """Remember what was entered (as holders.entries made it) for this browser; nothing is sent yet.

    Raises HolderFrozen, ContactUnchanged, PhoneNotAllowed.
    """
    if value == (holder.phone if contact is Contact.PHONE else holder.email):
        raise ContactUnchanged
    if contact is Contact.PHONE:
        require_sendable(value)
    with transaction.atomic():
        freezing.locked_open(holder.pk)
        PendingContact.objects.filter(expires_at__lte=now).delete()
        PendingContact.objects.filter(browser=browser, kind=contact).delete()
        return PendingContact.objects.create(
            id=secrets.token_urlsafe(16),
            holder=holder,
            browser=browser,
            kind=contact,
            value=value,
            expires_at=now + LIFE,
        )


def pending(browser: str, contact: Contact, now: datetime) -> PendingContact | None:
    """What this browser asked for and has not proved yet."""
    rows = PendingContact.objects.select_related("holder")
    return rows.filter(browser=browser, kind=contact, expires_at__gt=now).first()


def wish(change: PendingContact) -> Wish:
    """What the change's code is bound to: this browser and this very change."""
    return Wish(change.browser, Purpose.CONTACT, change.pk)


def send_code(change: PendingContact, now: datetime, *, language: str) -> None:
    """Queue the code to the new contact, the first or another. Raises as codes.send, and MailNotOffered."""

    def queue(one_time_code: str) -> int:
        if change.kind == Contact.PHONE:
            text = sms_texts.new_phone_text(one_time_code, language=language)
            return sms.queue_code(change.value, text, purpose=Purpose.CONTACT, now=now)
        subject = mail_texts.new_email_subject(language=language)
        text = mail_texts.new_email_text(one_time_code, language=language)
        return mail.queue_code(change.value, subject, text, purpose=Purpose.CONTACT, now=now)

    codes.send_by(wish(change), change.holder, queue, now)


def give_up(change: PendingContact) -> None:
    """Its code is used up: the contact must be entered anew, for a new code."""
    PendingContact.objects.filter(pk=change.pk).delete()


def confirm(
    change: PendingContact, typed: str, now: datetime, about: About, also: Callable[[], object]
) -> None:
    """The code to the new contact: the right one changes it and tells old and new. `also` is done in the same
    transaction: the page ends the holder's other sessions.

    Raises as codes.check does; HolderFrozen, ContactUnchanged where something else was first; NothingAsked
    where this change was made or replaced meanwhile.
    """
    codes.check(wish(change), typed, now)
    with transaction.atomic():
        if not PendingContact.objects.filter(pk=change.pk).delete()[0]:
            raise NothingAsked
        if change.kind == Contact.PHONE:
            changed_phone(change.holder_id, change.value, now, about=about)
        else:
            changed_email(change.holder_id, change.value, now, about=about)
        also()


def changed_phone(
    holder_id: int, phone: str, now: datetime, *, by: str = contacts.BY_HOLDER, about: About
) -> None:
    """Change it and tell both numbers, in the caller's transaction. Raises HolderFrozen, ContactUnchanged."""
    changed = contacts.change_phone(holder_id, phone, now, by=by)
    notices.tell(changed.holder, Kind.PHONE_CHANGED, now, about, also_phones=[changed.replaced])


def changed_email(
    holder_id: int, email: str, now: datetime, *, by: str = contacts.BY_HOLDER, about: About
) -> None:
    """Change it and tell both addresses, as changed_phone."""
    changed = contacts.change_email(holder_id, email, now, by=by)
    notices.tell(changed.holder, Kind.EMAIL_CHANGED, now, about, also_emails=[changed.replaced])


def allow_remote_unlock(holder_id: int, now: datetime, *, allowed: bool, about: About) -> None:
    """The holder's choice, told to every contact; nothing where it was so already. Raises HolderFrozen."""
    with transaction.atomic():
        holder = contacts.allow_remote_unlock(holder_id, now, allowed=allowed)
        if holder is not None:
            notices.tell(holder, Kind.REMOTE_UNLOCK_CHANGED, now, about)
