"""Sending: the doors through which a message is given to the queue, in the transaction of its deed."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.outgoing import services as outgoing
from kilitcoz_portal.outgoing.models import Priority
from kilitcoz_portal.outgoing.services import Letter
from kilitcoz_portal.sms import budgets
from kilitcoz_portal.sms.channel import SMS
from kilitcoz_portal.sms.gsm import sendable
from kilitcoz_portal.sms.phones import require_sendable


def queue(phone: str, text: str, *, purpose: str, now: datetime) -> None:
    """Queue a notice for `phone` (E.164); `purpose` is a slug for the books. It is counted in the budgets,
    but never refused by them: a flood of codes must not silence the notice of what a thief did.

    Raises PhoneNotAllowed.
    """
    require_sendable(phone)
    budgets.count(phone, now)
    outgoing.queue(SMS, Letter(phone, purpose, sendable(text)), Priority.NOTICE, now)


def queue_code(phone: str, text: str, *, purpose: str, now: datetime) -> int:
    """Queue a text that carries a code; the message's number, for outgoing.queries.progress.

    Raises PhoneNotAllowed, SmsBudgetReached; then nothing is queued, and nothing charged.
    """
    require_sendable(phone)
    budgets.charge(phone, now)
    return outgoing.queue(SMS, Letter(phone, purpose, sendable(text)), Priority.CODE, now)
