"""Telling: every contact, in the transaction of the deed, so that no deed is committed untold (rule R8)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.notices.kinds import NOT_UNDONE, Kind
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.notices.texts import notice_mail, notice_subject, notice_text
from kilitcoz_portal.notices.undo import undo_hash
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.sms import texts as sms_texts
from kilitcoz_portal.sms.errors import PhoneNotAllowed

PURPOSE = "notice"


@dataclass(frozen=True)
class About:
    """What is known of a deed: last four of its card's serial, the browser's family, the first half of its
    address, the operation, and the language of the page, which counts for who chose none.
    """

    card: str = ""
    device: str = ""
    network: str = ""
    operation_id: str = ""
    language: str = ""


NOTHING_MORE = About()


def tell(
    holder: Holder,
    kind: Kind,
    now: datetime,
    about: About = NOTHING_MORE,
    *,
    also_phones: Sequence[str] = (),
    also_emails: Sequence[str] = (),
) -> None:
    """Tell the holder's phone and e-mail, and the contacts in `also_…` (a number that was just replaced).

    Call it inside the deed's transaction. A contact that cannot be sent to is passed over; the deed does
    not fail for it.
    """
    undo = "" if kind in NOT_UNDONE else secrets.token_urlsafe(16)
    with transaction.atomic():
        notice = Notice.objects.create(
            holder=holder,
            kind=kind,
            card=about.card,
            device=about.device,
            network=about.network,
            at=now,
            undo_hash=undo_hash(undo) if undo else None,
        )
        phones = dict.fromkeys([holder.phone, *also_phones])
        emails = dict.fromkeys(each for each in [holder.email, *also_emails] if each)
        link = f"{settings.KILITCOZ_ORIGIN}/b/{undo}" if undo else ""
        _send(notice, link, holders.message_language(holder, about.language), list(phones), list(emails))
        record(
            Event.HOLDER_TOLD,
            now=now,
            holder_id=holder.pk,
            operation_id=about.operation_id,
            detail={"kind": kind, "phones": len(phones), "emails": len(emails)},
        )


def _send(notice: Notice, link: str, language: str, phones: list[str], emails: list[str]) -> None:
    text = sms_texts.from_us(notice_text(notice, link, language))
    for phone in phones:
        try:
            sms.queue(phone, text, purpose=PURPOSE, now=notice.at)
        except PhoneNotAllowed:
            continue
    subject, letter = notice_subject(notice, language), notice_mail(notice, link, language)
    for address in emails:
        mail.queue(address, subject, letter, purpose=PURPOSE, now=notice.at)
