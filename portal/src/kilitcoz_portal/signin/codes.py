"""SMS codes: six digits, 300 s from acceptance, five tries over all sendings, a minute between two, ten a
day.

A code is bound to a browser, a purpose and, for an unlock, an operation (A06, A07). Tries and budgets are
charged by conditional UPDATEs before anything is compared or sent, so parallel requests cannot outrun them
(A09, A12).
"""

from __future__ import annotations

import hmac
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import budgets
from kilitcoz_portal.signin.errors import CodeLate, CodeUsedUp, CodeWrong, NothingAsked, SignInError
from kilitcoz_portal.signin.models import CodeRequest
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.sms.errors import SmsError
from kilitcoz_portal.vault import receipts

LENGTH = 6
LIFE = timedelta(seconds=300)
TRIES_ALLOWED = 5


class Purpose(StrEnum):
    """What a code may be used for; one for the other is refused (A07)."""

    LOGIN = "login"
    UNLOCK = "unlock"
    STEP_UP = "step-up"
    CONTACT = "contact"


@dataclass(frozen=True)
class Wish:
    """Whose code, and what for. `browser` is the session's random string; `operation_id` names what it is
    bound to: an unlock's operation, one proof, one change of a contact.
    """

    browser: str
    purpose: Purpose
    operation_id: str = ""


@dataclass(frozen=True)
class Waiting:
    """A code that was sent: seconds it is still good for (0: late), and seconds until another may be sent."""

    seconds_left: int
    resend_in: int
    tries_left: int


def send(wish: Wish, holder: Holder, text: Callable[[str], str], now: datetime) -> None:
    """Send a new code, which replaces the wish's earlier one; tries already used stay used (A05).

    `text` makes the message of the code. Raises CodeUsedUp, SendTooSoon, SendCapReached, PhoneNotAllowed,
    GatewayUnavailable; after the last two nothing was sent and the day's budget is as before.
    """
    send_by(
        wish,
        holder,
        lambda one_time_code: sms.send(holder.phone, text(one_time_code), purpose=wish.purpose, now=now),
        now,
    )


def send_by(wish: Wish, holder: Holder, deliver: Callable[[str], datetime], now: datetime) -> None:
    """As `send`, to where `deliver` takes the code: a contact that is to be proved. Its answer is the time of
    acceptance.
    """
    earlier = _requests(wish).first()
    if earlier and (earlier.used_at or earlier.tries >= TRIES_ALLOWED):
        raise CodeUsedUp
    budgets.charge(holder, wish.purpose, now)
    one_time_code = f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"
    try:
        accepted_at = deliver(one_time_code)
    except SmsError:
        budgets.give_back(holder, wish.purpose)
        raise
    with transaction.atomic():
        _store(wish, holder, one_time_code, accepted_at)
        audit.record(
            Event.CODE_SENT,
            now=now,
            holder_id=holder.pk,
            operation_id=wish.operation_id,
            detail={"purpose": wish.purpose, "again": earlier is not None},
        )


def waiting(wish: Wish, now: datetime) -> Waiting | None:
    """What the page of this code shows; None where no code was sent, or it was used."""
    request = _requests(wish).filter(used_at=None).first()
    if request is None:
        return None
    return Waiting(
        seconds_left=max(0, math.ceil((request.expires_at - now).total_seconds())),
        resend_in=max(0, math.ceil((request.sent_at + budgets.COOL_DOWN - now).total_seconds())),
        tries_left=TRIES_ALLOWED - request.tries,
    )


def check(wish: Wish, typed: str, now: datetime) -> None:
    """Use up one try, and the code if `typed` is it. Raises CodeWrong, CodeLate, CodeUsedUp, NothingAsked."""
    refusal = _judge(wish, typed, now)
    if refusal is not None:  # raised only after the try was committed
        raise refusal


def check_unlock(wish: Wish, typed: str, card_ref: str, now: datetime) -> str:
    """As `check`, for an operation's code: the receipt that operations and the vault ask for."""
    check(wish, typed, now)
    return receipts.issue(wish.operation_id, card_ref, now)


def _judge(wish: Wish, typed: str, now: datetime) -> SignInError | None:
    with transaction.atomic():
        open_requests = _requests(wish).filter(used_at=None, tries__lt=TRIES_ALLOWED, expires_at__gt=now)
        if open_requests.update(tries=F("tries") + 1) != 1:
            return _why_closed(wish)
        request = _requests(wish).get()
        right = hmac.compare_digest(_mac(wish, typed), request.code_mac)
        if right:
            CodeRequest.objects.filter(pk=request.pk).update(used_at=now)
        audit.record(
            Event.CODE_ACCEPTED if right else Event.CODE_REFUSED,
            now=now,
            holder_id=request.holder_id,
            operation_id=wish.operation_id,
            detail={"purpose": wish.purpose, "try": request.tries},
        )
    if right:
        return None
    left = TRIES_ALLOWED - request.tries
    return CodeWrong(left) if left else CodeUsedUp()


def _why_closed(wish: Wish) -> SignInError:
    request = _requests(wish).first()
    if request is None or request.used_at:
        return NothingAsked()
    return CodeUsedUp() if request.tries >= TRIES_ALLOWED else CodeLate()


def _store(wish: Wish, holder: Holder, one_time_code: str, accepted_at: datetime) -> None:
    CodeRequest.objects.filter(expires_at__lt=accepted_at - timedelta(days=1)).delete()
    CodeRequest.objects.update_or_create(
        browser=wish.browser,
        purpose=wish.purpose,
        operation_id=wish.operation_id,
        defaults={
            "holder": holder,
            "code_mac": _mac(wish, one_time_code),
            "sent_at": accepted_at,
            "expires_at": accepted_at + LIFE,
        },
    )


def _requests(wish: Wish) -> QuerySet[CodeRequest]:
    return CodeRequest.objects.filter(
        browser=wish.browser, purpose=wish.purpose, operation_id=wish.operation_id
    )


def _mac(wish: Wish, one_time_code: str) -> str:
    message = "\0".join((wish.browser, wish.purpose, wish.operation_id, one_time_code))
    return salted_hmac("kilitcoz.signin.code", message, algorithm="sha256").hexdigest()
