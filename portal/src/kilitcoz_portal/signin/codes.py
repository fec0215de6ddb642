"""SMS codes: six digits, 300 s from acceptance, five tries over all sendings, a minute between two, ten a
day.

A code is bound to a browser, a purpose and, for an unlock, an operation (A06, A07). Tries and budgets are
charged by conditional UPDATEs before anything is compared or queued, so parallel requests cannot outrun them
(A09, A12). While a code is on its way to the gateway, no second one is made (A13): code_stages.
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
from kilitcoz_portal.outgoing import services as outgoing
from kilitcoz_portal.signin import budgets
from kilitcoz_portal.signin.code_stages import LIFE, LONGEST_WAY, Stage, current, follow
from kilitcoz_portal.signin.errors import CodeLate, CodeUsedUp, CodeWrong, NothingAsked, SignInError
from kilitcoz_portal.signin.models import CodeRequest
from kilitcoz_portal.sms import services as sms
from kilitcoz_portal.vault import receipts

LENGTH = 6
TRIES_ALLOWED = 5


class Purpose(StrEnum):
    """What a code may be used for; one for the other is refused (A07)."""

    LOGIN = "login"
    UNLOCK = "unlock"
    STEP_UP = "step-up"
    WORD = "word"
    CONTACT = "contact"
    LOSS = "loss"


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
    """A code that was made: how far it is, seconds it is still good for (0: late), and seconds until another
    may be sent.
    """

    seconds_left: int
    resend_in: int
    tries_left: int
    stage: Stage = Stage.SENT


def send(wish: Wish, holder: Holder, text: Callable[[str], str], now: datetime) -> None:
    """Queue a new code, which replaces the wish's earlier one; tries already used stay used (A05). While the
    earlier one is still on its way, nothing happens: it is that one which the holder waits for.

    `text` makes the message of the code. Raises CodeUsedUp, SendTooSoon, SendCapReached, PhoneNotAllowed,
    SmsBudgetReached; then nothing was charged.
    """
    send_by(
        wish,
        holder,
        lambda one_time_code: sms.queue_code(
            holder.phone, text(one_time_code), purpose=wish.purpose, now=now
        ),
        now,
    )


def send_by(wish: Wish, holder: Holder, queue: Callable[[str], int], now: datetime) -> None:
    """As `send`, to where `queue` takes the code: a contact that is to be proved. Its answer is the number of
    the message (sms.services.queue_code, mail.services.queue_code).
    """
    with transaction.atomic():
        earlier = current(_requests(wish))
        if earlier and (earlier.request.used_at or earlier.request.tries >= TRIES_ALLOWED):
            raise CodeUsedUp
        if earlier and earlier.stage is Stage.SENDING:
            return
        budgets.charge(holder, wish.purpose, now)
        one_time_code = f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"
        _store(wish, holder, one_time_code, queue(one_time_code), now)
        audit.record(
            Event.CODE_SENT,
            now=now,
            holder_id=holder.pk,
            operation_id=wish.operation_id,
            detail={"purpose": wish.purpose, "again": earlier is not None},
        )


def waiting(wish: Wish, now: datetime) -> Waiting | None:
    """What the page of this code shows; None where no code was made, or it was used."""
    found = current(_requests(wish).filter(used_at=None))
    if found is None:
        return None
    request, stage = found.request, found.stage
    sent_at = request.sent_at or now
    left = LIFE if stage is Stage.SENDING else request.expires_at - now
    return Waiting(
        seconds_left=max(0, math.ceil(left.total_seconds())),
        resend_in=max(0, math.ceil((sent_at + budgets.COOL_DOWN - now).total_seconds())),
        tries_left=TRIES_ALLOWED - request.tries,
        stage=stage,
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
        current(_requests(wish))  # so that expires_at counts from the acceptance
        open_requests = _requests(wish).filter(used_at=None, tries__lt=TRIES_ALLOWED, expires_at__gt=now)
        if open_requests.update(tries=F("tries") + 1) != 1:
            return _why_closed(wish)
        request = _requests(wish).get()
        right = hmac.compare_digest(_mac(wish, typed), request.code_mac)
        if right:
            CodeRequest.objects.filter(pk=request.pk).update(used_at=now)
            outgoing.answered(request.message_id, now)
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


def _store(wish: Wish, holder: Holder, one_time_code: str, message_id: int, now: datetime) -> None:
    CodeRequest.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    request, _ = CodeRequest.objects.update_or_create(
        browser=wish.browser,
        purpose=wish.purpose,
        operation_id=wish.operation_id,
        defaults={
            "holder": holder,
            "code_mac": _mac(wish, one_time_code),
            "message_id": message_id,
            "sent_at": None,
            "expires_at": now + LONGEST_WAY + LIFE,
        },
    )
    follow(request)


def _requests(wish: Wish) -> QuerySet[CodeRequest]:
    return CodeRequest.objects.filter(
        browser=wish.browser, purpose=wish.purpose, operation_id=wish.operation_id
    )


def _mac(wish: Wish, one_time_code: str) -> str:
    message = "\0".join((wish.browser, wish.purpose, wish.operation_id, one_time_code))
    return salted_hmac("kilitcoz.signin.code", message, algorithm="sha256").hexdigest()
