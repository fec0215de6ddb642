"""Sending: the one door through which a message leaves."""

from datetime import datetime

import structlog

from kilitcoz_portal.sms.errors import GatewayUnavailable
from kilitcoz_portal.sms.gateways import configured_gateway
from kilitcoz_portal.sms.gsm import sendable
from kilitcoz_portal.sms.phones import require_sendable

log = structlog.get_logger(__name__)


def send(phone: str, text: str, *, purpose: str, now: datetime) -> datetime:
    """Send `text` to `phone` (E.164); `purpose` is a slug for the gateway's books (`login`, `unlock`,
    `notice`).

    The answer is the time of acceptance: a code's validity counts from there (A13). Call it outside database
    transactions that must not wait for a network. Raises PhoneNotAllowed, GatewayUnavailable.
    """
    require_sendable(phone)
    return configured_gateway().send(phone, sendable(text), purpose=purpose, now=now)


def queue(phone: str, text: str, *, purpose: str, now: datetime) -> None:
    """Take a message for sending, inside the deed's transaction. A gateway's fault is not the deed's.

    Raises PhoneNotAllowed.
    """
    try:
        send(phone, text, purpose=purpose, now=now)
    except GatewayUnavailable as error:
        log.warning("sms-not-sent", purpose=purpose, code=error.code)
