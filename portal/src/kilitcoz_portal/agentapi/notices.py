"""Telling the holder that the card's PIN was changed: after the commit, and never in the way of the
answer (R8).
"""

from __future__ import annotations

from datetime import datetime

import structlog

from kilitcoz_portal.operations import notices
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.sms import texts
from kilitcoz_portal.sms.errors import SmsError

log = structlog.get_logger(__name__)


def send_notice(operation_id: str, now: datetime) -> bool:
    """Send it if it is due; whether it was accepted. What failed is due still, and `kilitcoz sweep` tries
    again.
    """
    notice = notices.take(operation_id, now)
    if notice is None:
        return False
    text = texts.unlocked_notice(card_last_four=notice.card_last_four, at=notice.at, language=notice.language)
    try:
        sms.send(notice.phone, text, purpose="notice", now=now)
    except SmsError as error:
        log.warning("notice-not-sent", operation_id=operation_id, code=error.code)
        return False
    notices.sent(operation_id, now)
    return True


def send_all_due(now: datetime) -> int:
    """Every notice that is still due; how many were accepted."""
    return sum(send_notice(operation_id, now) for operation_id in notices.all_due(now))
