"""Telling: every contact, in the transaction of the deed, so that no deed is committed untold (rule R8)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.notices.texts import notice_subject, notice_text
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.sms import texts as sms_texts
from kilitcoz_portal.sms.errors import PhoneNotAllowed

PURPOSE = "notice"


def tell(
    holder: Holder,
    kind: Kind,
    now: datetime,
    *,
    card: str = "",
    also_phones: Sequence[str] = (),
    also_emails: Sequence[str] = (),
) -> None:
    """Tell the holder's phone and e-mail, and the contacts in `also_…` (a number that was just replaced).

    Call it inside the deed's transaction. `card`: last four of its serial. A contact that cannot be sent
    to is passed over; the deed does not fail for it.
    """
    undo = secrets.token_urlsafe(16)
    link = f"{settings.KILITCOZ_ORIGIN}/b/{undo}"
    with transaction.atomic():
        Notice.objects.create(
            holder=holder, kind=kind, card=card, at=now, undo_hash=hashlib.sha256(undo.encode()).digest()
        )
        text = notice_text(kind, card, now, link, holder.language)
        for phone in dict.fromkeys([holder.phone, *also_phones]):
            _to_phone(phone, sms_texts.from_us(text), now)
        subject = notice_subject(kind, card, holder.language)
        for address in dict.fromkeys([holder.email, *also_emails]):
            if address:
                mail.queue(address, subject, text, purpose=PURPOSE, now=now)
        record(Event.HOLDER_TOLD, now=now, holder_id=holder.pk, detail={"kind": kind})


def _to_phone(phone: str, text: str, now: datetime) -> None:
    try:
        sms.queue(phone, text, purpose=PURPOSE, now=now)
    except PhoneNotAllowed:
        return
