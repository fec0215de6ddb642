"""The security word at the door: three wrong entries close a lane for a day (A01), and every refusal looks
the same (A04).

The try is charged before the word is looked at, in one conditional UPDATE, so that parallel guesses cannot
outrun the count; a right word gives the tries back. Unknown, blocked and wrong do the same work in the same
order.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.errors import SignInRefused
from kilitcoz_portal.signin.models import WordEntries

WRONG_ENTRIES_ALLOWED = 3
BLOCKED_FOR = timedelta(hours=24)
UNKNOWN_BROWSERS = "unknown"


def check_word(id_number: str, word: str, *, now: datetime, lane: str = UNKNOWN_BROWSERS) -> Holder:
    """The holder whose number and word these are. Call it only after a solved human check (A03).

    Raises SignInRefused: unknown number, wrong word, or the lane is closed; it does not say which.
    """
    subject = _subject(id_number)
    admitted = _charge(subject, lane, now)
    holder = holders.by_id_number(id_number)
    right = security_word.matches(word, holder.security_word_hash if holder else None)
    if holder and right and admitted:
        _accept(subject, lane, holder, now)
        return holder
    _refuse(subject, lane, holder, now, admitted=admitted)
    raise SignInRefused


def _subject(id_number: str) -> str:
    return salted_hmac(
        "kilitcoz.signin.subject", "".join(id_number.split()).upper(), algorithm="sha256"
    ).hexdigest()


def _charge(subject: str, lane: str, now: datetime) -> bool:
    """Take one of the lane's three tries; False when none is left. Counts older than a day are forgotten."""
    with transaction.atomic():
        WordEntries.objects.filter(last_at__lte=now - BLOCKED_FOR).delete()
        row, _ = WordEntries.objects.get_or_create(subject=subject, lane=lane, defaults={"last_at": now})
        left = WordEntries.objects.filter(pk=row.pk, wrong__lt=WRONG_ENTRIES_ALLOWED)
        return left.update(wrong=F("wrong") + 1, last_at=now) == 1


def _accept(subject: str, lane: str, holder: Holder, now: datetime) -> None:
    with transaction.atomic():
        WordEntries.objects.filter(subject=subject, lane=lane).update(wrong=0)
        audit.record(Event.WORD_ACCEPTED, now=now, holder_id=holder.pk, detail={"lane": lane})


def _refuse(subject: str, lane: str, holder: Holder | None, now: datetime, *, admitted: bool) -> None:
    with transaction.atomic():
        wrong = WordEntries.objects.filter(subject=subject, lane=lane).values_list("wrong", flat=True).first()
        closed = wrong is not None and wrong >= WRONG_ENTRIES_ALLOWED
        event = Event.WORD_BLOCKED if closed else Event.WORD_REFUSED
        detail: audit.Detail = {"lane": lane, "enrolled": holder is not None, "counted": admitted}
        audit.record(event, now=now, holder_id=holder.pk if holder else None, detail=detail)
