"""Wrong entries per network and hour (A02): past a number of them, strangers behind that network are looked
at ever more slowly, and somebody is told. No word is blocked by it.

Right entries do not count, and trusted browsers pass: a company behind one address is not locked out.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.signin.errors import NetworkSlowed
from kilitcoz_portal.signin.models import NetworkEntries
from kilitcoz_portal.signin.tries import CLOCKS_APART

log = structlog.get_logger(__name__)

WINDOW = timedelta(hours=1)
EVERYWHERE = "everywhere"
ALWAYS, UNCHANGED = Q(), F("next_at")
# After the allowed number of wrong entries, after twice, thrice … as many: what must pass between two.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0, 2, 4, 8, 15, 30))


def pressing(network: str, now: datetime) -> int:
    """How often strangers there pressed in vain in the running hour: wrong entries, and entries that were
    turned away for want of a turn. Who presses more waits behind who presses less.
    """
    running = NetworkEntries.objects.filter(network=network, window_began_at__gt=now - WINDOW)
    return running.values_list(F("wrong") + F("turned_away"), flat=True).first() or 0


def charge(network: str, now: datetime) -> None:
    """Count one entry from there as wrong until it proves right. Raises NetworkSlowed; then nothing was
    counted.
    """
    if _count(network, now, "wrong", due=Q(wrong__lt=settings.KILITCOZ_WRONG_WORDS_HOURLY)):
        return
    if _count(network, now, "wrong", due=Q(next_at__lte=now + CLOCKS_APART), next_at=_pause(now)):
        return
    next_at = NetworkEntries.objects.values_list("next_at", flat=True).get(network=network)
    _alarm_once(network, now, at_least=0)
    raise NetworkSlowed(max(1, math.ceil((next_at - now).total_seconds())))


def give_back(network: str) -> None:
    """The entry was right, or not looked at."""
    NetworkEntries.objects.filter(network=network, wrong__gt=0).update(wrong=F("wrong") - 1)


def turn_away(network: str, now: datetime) -> None:
    """An entry from there was not looked at, for want of a turn."""
    _count(network, now, "turned_away")


def count_everywhere(now: datetime) -> None:
    """One wrong entry more in the whole installation: past the ceiling of an hour somebody is told."""
    _count(EVERYWHERE, now, "wrong")
    _alarm_once(EVERYWHERE, now, at_least=settings.KILITCOZ_WRONG_WORDS_ALARM)


def forget_old(now: datetime) -> None:
    """Clear away hours that are over."""
    NetworkEntries.objects.filter(window_began_at__lte=now - WINDOW, next_at__lte=now).delete()


def _count(network: str, now: datetime, what: str, *, due: Q = ALWAYS, next_at: Case | F = UNCHANGED) -> bool:
    """One more in the running window, or the first of a new one, if it is due."""
    running = NetworkEntries.objects.filter(network=network, window_began_at__gt=now - WINDOW)
    more = {what: F(what) + 1, "next_at": next_at}
    if running.filter(due).update(**more) == 1:
        return True
    if running.exists():
        return False
    _begin_window(network, now)
    return running.filter(due).update(**more) == 1


def _begin_window(network: str, now: datetime) -> None:
    """Whoever is first; the others find it begun."""
    over = NetworkEntries.objects.filter(network=network, window_began_at__lte=now - WINDOW)
    anew = {"window_began_at": now, "wrong": 0, "turned_away": 0, "next_at": now, "alarmed": False}
    if over.update(**anew) == 0:
        new = NetworkEntries(network=network, window_began_at=now, next_at=now)
        NetworkEntries.objects.bulk_create([new], ignore_conflicts=True)


def _pause(now: datetime) -> Case:
    """When the next entry from a network may be looked at, by how many were wrong so far."""
    allowed = settings.KILITCOZ_WRONG_WORDS_HOURLY
    pauses = [When(wrong__lt=allowed * nth, then=_moment(now + pause)) for nth, pause in enumerate(PAUSES, 1)]
    return Case(*pauses, default=_moment(now + PAUSES[-1]))


def _alarm_once(network: str, now: datetime, *, at_least: int) -> None:
    """One event per network and window."""
    with transaction.atomic():
        rows: QuerySet[NetworkEntries] = NetworkEntries.objects.filter(network=network, alarmed=False)
        if rows.filter(wrong__gte=at_least).update(alarmed=True) == 1:
            log.warning("word-flood", network=network)
            audit.record(Event.WORD_FLOOD, now=now, detail={"network": network})


def _moment(moment: datetime) -> Value:
    return Value(moment, output_field=DateTimeField())
