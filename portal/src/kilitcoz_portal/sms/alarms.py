"""What an administrator must hear of: a budget used up, or codes that hardly anybody enters. Both are
marks of somebody who makes us send messages for their own gain (A12), or of a gateway that swallows them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from django.conf import settings

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.queries import happened_since
from kilitcoz_portal.outgoing import queries as outgoing
from kilitcoz_portal.outgoing.queries import Conversion
from kilitcoz_portal.sms.channel import SMS

log = structlog.get_logger(__name__)

NEWEST = 100  # so many codes must have had their time before their share says anything
THEIR_TIME = timedelta(minutes=10)
SILENCE = timedelta(hours=1)


class Alarm(StrEnum):
    """What is wrong."""

    BUDGET = "budget"
    CONVERSION = "conversion"


def sound(alarm: Alarm, now: datetime, detail: audit.Detail) -> None:
    """Into the audit trail and the log."""
    audit.record(Event.SMS_ALARM, now=now, detail={"what": alarm, **detail})
    log.error("sms-alarm", what=alarm, **detail)


def low_conversion(now: datetime) -> Conversion | None:
    """The newest codes' conversion where it is under the set share; None where it is not, or too few were
    sent to tell.
    """
    found = outgoing.conversion(SMS.name, NEWEST, sent_before=now - THEIR_TIME)
    too_low = found.sent == NEWEST and found.percent < settings.KILITCOZ_SMS_CONVERSION_PERCENT
    return found if too_low else None


def watch_conversion(now: datetime) -> None:
    """Sound the alarm where too few codes come back; not more than once an hour."""
    found = low_conversion(now)
    if found is None or happened_since(Event.SMS_ALARM, now - SILENCE, what=Alarm.CONVERSION):
        return
    sound(Alarm.CONVERSION, now, {"percent": found.percent, "of": found.sent})
