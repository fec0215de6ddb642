"""Reminders before a certificate ends: by SMS and e-mail, in the holder's language, once for each of
KILITCOZ_REMINDER_DAYS. Called by `kilitcoz sweep` and `kilitcoz work`.

Rules kept here: the row that says "reminded" and the messages are of one transaction; of days that were
missed only the nearest is caught up with; nobody is reminded of what is revoked, renewed, or of the card's
own certificate, which no holder uses.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import Detail, record
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.renewal import reminder_texts as texts
from kilitcoz_portal.renewal.models import Reminder
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.sms import texts as sms_texts
from kilitcoz_portal.sms.errors import PhoneNotAllowed

PURPOSE = "reminder"
IN_USE = (State.VALID, State.SUSPENDED)
AT_ONCE = 500  # cards in one sweep: a first one over many must not fill the queue


def sweep(now: datetime) -> int:
    """Remind whoever is due; how many cards' holders were reminded."""
    told = 0
    for after, days in pairwise([0, *sorted(settings.KILITCOZ_REMINDER_DAYS)]):
        due = _due(after, days, now).order_by("card_id").values_list("card_id", flat=True).distinct()
        for card_id in list(due[: AT_ONCE - told]):
            told += _remind(_due(after, days, now).filter(card_id=card_id), days, now)
    return told


def _due(after: int, days: int, now: datetime) -> QuerySet[Certificate]:
    """What ends within `days` and not within `after`, and of which nobody was told so late yet."""
    ends = Q(not_after__gt=now + timedelta(days=after), not_after__lte=now + timedelta(days=days))
    told = Reminder.objects.filter(certificate=OuterRef("pk"), days__lte=days)
    renewed = Certificate.objects.filter(replaces=OuterRef("pk"), state__in=IN_USE)
    rows = Certificate.objects.filter(ends, ~Exists(told), ~Exists(renewed), state__in=IN_USE)
    return rows.exclude(profile=ProfileName.CARD)


@transaction.atomic
def _remind(due: QuerySet[Certificate], days: int, now: datetime) -> bool:
    """One card's holder, of all that ends, by one message; False where another process was quicker."""
    rows = list(due.select_for_update(of=("self",)).select_related("card__holder").order_by("not_after"))
    if not rows:
        return False
    Reminder.objects.bulk_create(Reminder(certificate=each, days=days, at=now) for each in rows)
    card, holder = rows[0].card, rows[0].card.holder
    ending = texts.Ending(
        holder.name, card.label.lstrip("…"), rows[0].not_after, (rows[0].not_after - now).days
    )
    _send(holder, ending, now)
    detail: Detail = {"days": days, "serials": " ".join(each.serial_number for each in rows)}
    record(Event.HOLDER_REMINDED, now=now, holder_id=holder.pk, card_id=card.pk, detail=detail)
    return True


def _send(holder: Holder, ending: texts.Ending, now: datetime) -> None:
    """To phone and e-mail; one that cannot be sent to is passed over."""
    language = holders.message_language(holder)
    text = sms_texts.from_us(texts.reminder_text(ending, language))
    with suppress(PhoneNotAllowed):
        sms.queue(holder.phone, text, purpose=PURPOSE, now=now)
    if holder.email:
        subject, letter = texts.reminder_subject(ending, language), texts.reminder_mail(ending, language)
        mail.queue(holder.email, subject, letter, purpose=PURPOSE, now=now)
