"""What staff does with an application, each verb one transaction with its audit row; a known holder is told.

`by` is a name as it stands in the books. Who approves is another than who checked, however the names are
written; the database holds that too.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from kilitcoz_portal.applications.consent import ConsentGiven, not_offered
from kilitcoz_portal.applications.enrolment import enrol
from kilitcoz_portal.applications.errors import (
    ApplicationOpen,
    CardForeign,
    FormUnsigned,
    PassportUnread,
    PaymentSettled,
    ReasonUnknown,
    SamePerson,
    StepImpossible,
)
from kilitcoz_portal.applications.models import OPEN, Application, Payment, State
from kilitcoz_portal.applications.reasons import Ending, Reason
from kilitcoz_portal.applications.states import Deed, move, require
from kilitcoz_portal.applications.telling import tell_approved, tell_checked, tell_refused
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import Detail, record
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.holders.security_word import fold

UNCHECKED_FOR = timedelta(days=60)  # then an application is too old to be checked
ENDED_KEPT = timedelta(days=30)  # where nobody became a holder by it


def check(
    application: Application,
    now: datetime,
    *,
    by: str,
    signed: bool,
    passport_of: str = "",
    consent_given: ConsentGiven = not_offered,
) -> None:
    """The person was identified by a document. `signed`: the form with the signature lies before `by`;
    `passport_of`: who issued a passport, as entry.country made it. Other claims on the same number end.

    Raises StepImpossible, FormUnsigned, PassportUnread, HolderFrozen, ApplicationOpen.
    """
    issuer = passport_of or application.passport_of
    if application.id_kind == Holder.IdKind.PASSPORT and not issuer:
        raise PassportUnread
    known = holders.by_id_number(application.id_number)
    if not signed and not _needs_no_signature(application, known, consent_given):
        raise FormUnsigned
    try:
        with transaction.atomic():
            claims = _locked_claims(application.id_number)
            if known is not None:
                freezing.locked_open(known.pk)
            move(application, Deed.CHECK, checked_by=by, checked_at=now, passport_of=issuer)
            for other in claims:
                if other.pk != application.pk and other.state == State.RECEIVED:
                    withdraw(other, now, by=by, why=Ending.ANOTHER)
            tell_checked(known, now)
            _record(Event.APPLICATION_CHECKED, application, now, by=by)
    except IntegrityError:
        raise ApplicationOpen from None


def approve(application: Application, now: datetime, *, by: str, keep_contacts: bool = False) -> None:
    """The holder is enrolled, or known already: then phone, e-mail and word stay, and an application that
    names other contacts passes only with `keep_contacts`.

    Raises StepImpossible, SamePerson, ContactsDiffer, FormMissing, HolderFrozen.
    """
    if application.state == State.CHECKED and fold(by) == fold(application.checked_by):
        raise SamePerson
    with transaction.atomic():
        require(application, Deed.APPROVE)
        holder = enrol(application, now, keep_contacts=keep_contacts)
        move(application, Deed.APPROVE, approved_by=by, approved_at=now, holder=holder, word_hash="")
        tell_approved(holder, now)
        _record(Event.APPLICATION_APPROVED, application, now, by=by, kept_contacts=keep_contacts)


def refuse(application: Application, now: datetime, *, by: str, reason: str) -> None:
    """A Reason's value; the applicant is told. Raises ReasonUnknown, StepImpossible."""
    if reason not in set(Reason):
        raise ReasonUnknown
    with transaction.atomic():
        move(application, Deed.REFUSE, closed_by=by, closed_at=now, reason=reason, word_hash="")
        tell_refused(application, holders.by_id_number(application.id_number), now)
        _record(Event.APPLICATION_REFUSED, application, now, by=by, reason=reason)


def withdraw(application: Application, now: datetime, *, by: str, why: Ending = Ending.WISH) -> None:
    """The applicant wants it no more. Raises StepImpossible."""
    with transaction.atomic():
        move(application, Deed.WITHDRAW, closed_by=by, closed_at=now, reason=why, word_hash="")
        _record(Event.APPLICATION_WITHDRAWN, application, now, by=by, reason=why)


def settle_payment(application: Application, now: datetime, *, by: str, waived: bool = False) -> None:
    """It is paid, or need not be. Raises PaymentSettled; also where the application has ended."""
    payment = Payment.WAIVED if waived else Payment.PAID
    with transaction.atomic():
        unpaid = Application.objects.filter(pk=application.pk, payment=Payment.UNPAID, state__in=OPEN)
        if unpaid.update(payment=payment, payment_by=by, payment_at=now) != 1:
            raise PaymentSettled
        application.refresh_from_db()
        _record(Event.APPLICATION_PAYMENT, application, now, by=by, payment=payment)


def produced(application: Application, card: Card, now: datetime, *, by: str) -> None:
    """The card was personalised for it. Call it in that deed's transaction.

    Raises StepImpossible, CardForeign, HolderFrozen.
    """
    with transaction.atomic():
        freezing.locked_open(card.holder_id)
        if card.holder_id != application.holder_id:
            raise CardForeign
        move(application, Deed.PRODUCE, card=card, closed_by=by, closed_at=now)
        _record(Event.APPLICATION_PRODUCED, application, now, by=by, card=card)


def sweep(now: datetime) -> None:
    """Applications that nobody had checked for sixty days end; those that made nobody a holder are forgotten
    thirty days after their end.
    """
    for late in Application.objects.filter(state=State.RECEIVED, received_at__lt=now - UNCHECKED_FOR):
        with suppress(StepImpossible):  # somebody else was first
            withdraw(late, now, by="", why=Ending.LATE)
    ended = Application.objects.filter(state__in=(State.WITHDRAWN, State.REFUSED), holder=None)
    ended.filter(closed_at__lt=now - ENDED_KEPT).delete()


def _needs_no_signature(application: Application, known: Holder | None, consent_given: ConsentGiven) -> bool:
    """A consent counts that was in force when the application was received, and still is."""
    return not application.needs_signature and known is not None and consent_given(known)


def _locked_claims(id_number: str) -> list[Application]:
    """What is open for this number, locked in one order: two checks of two claims wait for each other and do
    not lock each other out.
    """
    rows = Application.objects.filter(id_number=id_number, state__in=OPEN)
    return list(rows.order_by("pk").select_for_update())


def _record(
    event: Event, application: Application, now: datetime, *, card: Card | None = None, **detail: str | bool
) -> None:
    told: Detail = {"number_end": application.number[-4:], **detail}
    record(
        event,
        now=now,
        holder_id=application.holder_id,
        card_id=card.pk if card else None,
        detail=told,
    )
