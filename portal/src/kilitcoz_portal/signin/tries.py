"""Counting entries of a word: per lane and in all, charged before anything is compared, in conditional
UPDATEs that parallel requests and other processes cannot outrun (A09).

Whatever an outsider can see of it depends on when a number was tried, never on whether it is enrolled, nor on
whether its holder came in meanwhile (A04).
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When

from kilitcoz_portal.signin.errors import TriedTooSoon
from kilitcoz_portal.signin.models import WordEntries, WordTotal

WRONG_ENTRIES_ALLOWED = 3
BLOCKED_FOR = timedelta(hours=24)
CEILING = 30  # wrong entries in all lanes; then only the call centre frees the word
# What must pass after the first, second, … try of a run before the next one is looked at.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0, 2, 5, 15, 30, 60))
RUN_ENDS = timedelta(minutes=15)
CLOCKS_APART = timedelta(seconds=1)  # two requests may write in another order than they began, on two clocks
STRANGERS_FORGOTTEN = timedelta(days=7)


def charge(subject: str, lane: str, now: datetime, *, enrolled: bool) -> bool:
    """Take one try. False where the lane, or the whole word, is closed: then nothing was taken.

    Raises TriedTooSoon, and nothing was taken either.
    """
    with transaction.atomic():
        if not _pace_and_count(subject, lane, now):
            next_at = _lane(subject, lane).values_list("next_at", flat=True).get()
            raise TriedTooSoon(max(1, math.ceil((next_at - now).total_seconds())))
        wrong = _lane(subject, lane).values_list("wrong", flat=True).get()
        return _count_in_all(subject, now, enrolled=enrolled, lane_open=wrong <= WRONG_ENTRIES_ALLOWED)


def left(subject: str, lane: str) -> int:
    """Wrong entries that this lane still allows."""
    wrong = _lane(subject, lane).values_list("wrong", flat=True).first() or 0
    return max(0, WRONG_ENTRIES_ALLOWED - wrong)


def give_back(subject: str, lane: str, now: datetime, *, counted: bool) -> None:
    """The entry was not looked at after all."""
    _lane(subject, lane).filter(wrong__gt=0).update(wrong=F("wrong") - 1, tries=F("tries") - 1, next_at=now)
    if counted:
        WordTotal.objects.filter(subject=subject, wrong__gt=0).update(wrong=F("wrong") - 1)


def right(subject: str, lane: str) -> None:
    """The entry was right: this lane and the count in all begin anew. Other lanes stay as they are."""
    _lane(subject, lane).update(wrong=0)
    WordTotal.objects.filter(subject=subject).update(wrong=0)


def free_lanes(subject: str) -> bool:
    """Every lane is open again; what counts in all stays. False where none had a wrong entry."""
    return WordEntries.objects.filter(subject=subject, wrong__gt=0).update(wrong=0) > 0


def free(subject: str) -> None:
    """Every lane is open again, and the count in all begins anew."""
    free_lanes(subject)
    WordTotal.objects.filter(subject=subject).update(wrong=0)


def is_closed_for_good(subject: str) -> bool:
    """Whether the ceiling is reached: only the call centre frees the word."""
    return WordTotal.objects.filter(subject=subject, wrong__gte=CEILING).exists()


def forget_old(now: datetime) -> None:
    """Clear away what counts no more."""
    WordEntries.objects.filter(last_at__lte=now - BLOCKED_FOR, next_at__lte=now - RUN_ENDS).delete()
    WordTotal.objects.filter(enrolled=False, last_at__lte=now - STRANGERS_FORGOTTEN).delete()


def _pace_and_count(subject: str, lane: str, now: datetime) -> bool:
    """One more try and one more wrong entry, unless it came too soon. The values on the right are the old
    ones.
    """
    new = WordEntries(subject=subject, lane=lane, last_at=now, next_at=now)
    WordEntries.objects.bulk_create([new], ignore_conflicts=True)
    stale, rested = Q(last_at__lte=now - BLOCKED_FOR), Q(next_at__lte=now - RUN_ENDS)
    closed = Q(wrong__gte=WRONG_ENTRIES_ALLOWED) & ~stale
    pauses = [When(rested, then=_moment(now + PAUSES[0]))]
    pauses += [When(tries=tries, then=_moment(now + pause)) for tries, pause in enumerate(PAUSES)]
    charged = _lane(subject, lane).filter(next_at__lte=now + CLOCKS_APART)
    return (
        charged.update(
            wrong=Case(When(stale, then=1), default=F("wrong") + 1),
            last_at=Case(When(closed, then=F("last_at")), default=_moment(now)),
            tries=Case(When(rested, then=1), default=F("tries") + 1),
            next_at=Case(*pauses, default=_moment(now + PAUSES[-1])),
        )
        == 1
    )


def _count_in_all(subject: str, now: datetime, *, enrolled: bool, lane_open: bool) -> bool:
    """Where the lane is closed, the same statement counts nothing."""
    new = WordTotal(subject=subject, enrolled=enrolled, last_at=now)
    WordTotal.objects.bulk_create([new], ignore_conflicts=True)
    room = WordTotal.objects.filter(subject=subject, wrong__lt=CEILING if lane_open else 0)
    return room.update(wrong=F("wrong") + 1, last_at=now) == 1


def _lane(subject: str, lane: str) -> QuerySet[WordEntries]:
    return WordEntries.objects.filter(subject=subject, lane=lane)


def _moment(moment: datetime) -> Value:
    return Value(moment, output_field=DateTimeField())
