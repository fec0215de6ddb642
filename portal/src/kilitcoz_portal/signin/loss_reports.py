"""A lost card, told by who cannot sign in or has no time to: number and human check, then one thing that only
the holder has, the code on the registered phone or the application's number. No word, no PIN, at any hour.

It proves enough to stop what belongs to the holder, and nothing else. Until the proof is right every number
gets the same answers for the same work (A04); who only knows a number makes nobody's phone ring (A12).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import allowances, codes, words
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.errors import (
    LossProofUsedUp,
    LossProofWrong,
    LossReportSlowed,
    NoLossReport,
    SignInError,
)
from kilitcoz_portal.signin.models import LossReport
from kilitcoz_portal.sms import texts
from kilitcoz_portal.sms.errors import SmsError

TRIES_ALLOWED = 5
BEGUN_PER_NETWORK = 20  # in an hour
GUESSES_PER_NUMBER = 10  # of the application's number, in a day, from everywhere
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIFE = timedelta(minutes=30)


class Stage(StrEnum):
    """How far a report is."""

    BEGUN = "begun"  # a number was given, a human check solved
    PROVED = "proved"  # it is the holder
    DONE = "done"
    ENDED = "ended"


class Proof(StrEnum):
    """What only the holder has."""

    PHONE = "phone"
    APPLICATION = "number"


def begin(id_number: str, browser: str, network: str, now: datetime) -> None:
    """After a solved human check: this browser begins, whoever's the number is. Nothing is sent.

    Raises LossReportSlowed: too many began from that network (addresses.network_of) in the last hour.
    """
    if not allowances.take(f"loss:{network}", BEGUN_PER_NETWORK, HOUR, now):
        raise LossReportSlowed
    holder = holders.by_id_number(id_number)
    with transaction.atomic():
        LossReport.objects.filter(browser=browser).delete()
        LossReport.objects.create(
            id=secrets.token_urlsafe(16),
            browser=browser,
            subject=words.subject_of(id_number),
            holder=holder,
            stage=Stage.BEGUN,
            expires_at=now + LIFE,
        )
        detail: audit.Detail = {"enrolled": holder is not None}
        audit.record(Event.LOSS_REPORT_BEGUN, now=now, holder_id=holder.pk if holder else None, detail=detail)


def running(browser: str, now: datetime) -> LossReport | None:
    """This browser's report, as long as it lives."""
    live = LossReport.objects.filter(
        browser=browser, stage__in=(Stage.BEGUN, Stage.PROVED), expires_at__gt=now
    )
    return live.select_related("holder").first()


def done(browser: str, now: datetime) -> LossReport | None:
    """The report that this browser finished within the last half hour."""
    finished = LossReport.objects.filter(browser=browser, stage=Stage.DONE, expires_at__gt=now - LIFE)
    return finished.select_related("holder").first()


def ask_code(report: LossReport, phone: str, now: datetime, *, language: str) -> None:
    """Send a code if `phone` (E.164) is the holder's registered one. Whether it was sent is not told."""
    holder = report.holder
    right = hmac.compare_digest(phone.encode(), (holder.phone if holder else "").encode())
    if not (holder and right):
        return
    spoken = holders.message_language(holder, language)
    try:
        codes.send(wish(report), holder, lambda code: texts.loss_text(code, language=spoken), now)
    except (SignInError, SmsError):
        return


def prove_by_code(report: LossReport, typed: str, now: datetime) -> None:
    """The code of the SMS. As `prove_by_application`."""
    _charge(report, now)
    try:
        codes.check(wish(report), typed, now)
    except SignInError:
        _judge(report, Proof.PHONE, now, right=False)
    else:
        _judge(report, Proof.PHONE, now, right=True)


def prove_by_application(report: LossReport, typed: str, now: datetime) -> None:
    """The number on the holder's application form. Raises NoLossReport, LossProofWrong, LossProofUsedUp."""
    _charge(report, now)
    looked_at = allowances.take(f"loss-number:{report.subject}", GUESSES_PER_NUMBER, DAY, now)
    known = report.holder.application_number if report.holder else ""
    right = hmac.compare_digest(_form(typed), _form(known)) and bool(known) and looked_at
    _judge(report, Proof.APPLICATION, now, right=right)


def finish(report: LossReport, now: datetime, stop: Callable[[Holder], object]) -> None:
    """`stop` the holder's certificates, in the transaction that ends the report; where that fails, the report
    stays proved and may be finished again. Raises NoLossReport, and what `stop` raises.
    """
    with transaction.atomic():
        if _at(report, Stage.PROVED, now).update(stage=Stage.DONE, expires_at=now) != 1:
            raise NoLossReport
        assert report.holder is not None  # nobody's report gets past its proof
        stop(report.holder)


def wish(report: LossReport) -> Wish:
    """What the SMS code is bound to: this browser and this report."""
    return Wish(report.browser, Purpose.LOSS, report.pk)


def forget_old(now: datetime) -> None:
    """Clear away reports that ended a day ago."""
    LossReport.objects.filter(expires_at__lte=now - DAY).delete()


def _charge(report: LossReport, now: datetime) -> None:
    """Take one of the five tries before anything is compared."""
    left = _at(report, Stage.BEGUN, now).filter(tries__lt=TRIES_ALLOWED)
    if left.update(tries=F("tries") + 1) != 1:
        raise NoLossReport
    report.refresh_from_db(fields=["tries"])


def _judge(report: LossReport, proof: Proof, now: datetime, *, right: bool) -> None:
    event = Event.LOSS_PROOF_ACCEPTED if right else Event.LOSS_PROOF_REFUSED
    with transaction.atomic():
        detail: audit.Detail = {"by": proof, "try": report.tries}
        audit.record(event, now=now, holder_id=report.holder_id, detail=detail)
        if right:
            _at(report, Stage.BEGUN, now).update(stage=Stage.PROVED)
        elif report.tries >= TRIES_ALLOWED:
            _at(report, Stage.BEGUN, now).update(stage=Stage.ENDED, expires_at=now)
    if not right:
        left = TRIES_ALLOWED - report.tries
        raise LossProofWrong(left) if left else LossProofUsedUp


def _at(report: LossReport, stage: Stage, now: datetime) -> QuerySet[LossReport]:
    return LossReport.objects.filter(pk=report.pk, stage=stage, expires_at__gt=now)


def _form(application_number: str) -> bytes:
    return "".join(application_number.split()).upper().encode()
