"""Who is told of what staff did: a known holder at every contact, with a way to say "it was not me"; an
applicant who is nobody's holder yet, at the application's phone and e-mail, when it was refused.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.sms import texts as sms_texts
from kilitcoz_portal.sms.errors import PhoneNotAllowed

STATUS_PAGE = "/basvuru/durum"
_PURPOSE = "application"


def tell_checked(known: Holder | None, now: datetime) -> None:
    """In the transaction of the check. Only a holder whom we know: others' contacts are unproved."""
    if known is not None:
        notices.tell(known, Kind.APPLICATION_CHECKED, now)


def tell_approved(holder: Holder, now: datetime) -> None:
    """In the transaction of the approval."""
    notices.tell(holder, Kind.APPLICATION_APPROVED, now)


def tell_refused(application: Application, known: Holder | None, now: datetime) -> None:
    """In the transaction of the refusal. Why is told at the status page alone, to who has number and form."""
    if known is not None:
        notices.tell(known, Kind.APPLICATION_REFUSED, now)
        return
    with translation.override(application.language):
        subject = gettext("Sertifika başvurunuz sonuçlandı")
        where = gettext("Nedenini ve ne yapabileceğinizi buradan öğrenin: %(page)s")
    where %= {"page": settings.KILITCOZ_ORIGIN + STATUS_PAGE}
    with suppress(PhoneNotAllowed):  # it was allowed when it was entered; e-mail and status page remain
        sms.queue(application.phone, sms_texts.from_us(f"{subject}. {where}"), purpose=_PURPOSE, now=now)
    if application.email:
        mail.queue(application.email, subject, f"{subject}.\n\n{where}\n", purpose=_PURPOSE, now=now)
