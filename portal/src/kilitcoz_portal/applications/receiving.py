"""An application comes in: from a stranger, from a signed-in holder, from an institution's officer.

A stranger's is a claim that anybody can make about any number: it tells nobody anything, stands in nobody's
way, and is answered alike whoever the number belongs to (A04). Budgets: per network, and per number and day.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from kilitcoz_portal.applications import numbers
from kilitcoz_portal.applications.consent import ConsentGiven, not_offered
from kilitcoz_portal.applications.entry import Entry, checked
from kilitcoz_portal.applications.errors import ApplicationOpen, ApplicationsSlowed
from kilitcoz_portal.applications.models import Application, Source
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import allowances

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLAIMS_PER_NUMBER = 5  # in a day, by strangers


def by_stranger(entry: Entry, network: str, now: datetime) -> Application:
    """Raises the EntryError of the first field that is wrong, ApplicationsSlowed."""
    application = checked(entry)
    application.source = Source.STRANGER
    number = hashlib.sha256(application.id_number.encode()).hexdigest()[:32]
    allowed = settings.KILITCOZ_APPLICATIONS_HOURLY
    if not allowances.take(f"application:{network}", allowed, HOUR, now):
        raise ApplicationsSlowed
    if not allowances.take(f"application-of:{number}", CLAIMS_PER_NUMBER, DAY, now):
        raise ApplicationsSlowed
    return _keep(application, now)


def by_holder(
    holder: Holder, kind: str, now: datetime, consent_given: ConsentGiven = not_offered
) -> Application:
    """With what is known of the holder. Raises ChoiceUnknown, ApplicationOpen; PhoneInvalid where no code can
    go to the registered number.
    """
    known = Entry(
        holder.id_number,
        holder.name,
        holder.phone,
        holder.email,
        holder.language,
        kind,
        surname=holder.surname,
    )
    application = checked(known)
    application.passport_of = holder.passport_of
    application.source, application.holder = Source.HOLDER, holder
    application.needs_signature = not consent_given(holder)
    return _keep(application, now)


def by_officer(
    entry: Entry, now: datetime, *, by: str, consent_given: ConsentGiven = not_offered
) -> Application:
    """`by`: the officer's name. Raises the EntryError of the first field that is wrong, ApplicationOpen."""
    application = checked(entry)
    application.source, application.entered_by = Source.OFFICER, by
    known = holders.by_id_number(application.id_number)
    application.needs_signature = known is None or not consent_given(known)
    return _keep(application, now)


def _keep(application: Application, now: datetime) -> Application:
    application.number, application.received_at = numbers.make(), now
    try:
        with transaction.atomic():
            application.save(force_insert=True)
            detail = {"number_end": application.number[-4:], "source": application.source}
            record(
                Event.APPLICATION_RECEIVED,
                now=now,
                holder_id=application.holder_id,
                detail={**detail, "kind": application.kind, "by": application.entered_by},
            )
    except IntegrityError:
        raise ApplicationOpen from None
    return application
