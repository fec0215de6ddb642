"""The security word at the door: three wrong entries close a lane for a day (A01), and every refusal looks
the same (A04).

The try is charged before the word is looked at, so that parallel guesses cannot outrun the count (tries,
networks); a right word gives it back. Unknown, blocked and wrong do the same work in the same order.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import entries, security_word, turns
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders import services as holder_services
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import lanes, networks, tries
from kilitcoz_portal.signin.errors import SignInBusy, SignInRefused, TriedTooSoon
from kilitcoz_portal.signin.models import TrustedBrowser


@dataclass(frozen=True)
class Caller:
    """Who stands at the door: from which network (addresses.network_of), in which trusted browser, if any;
    whether a proof of work came along.
    """

    network: str
    browser: TrustedBrowser | None = None
    proved: bool = False

    @property
    def lane(self) -> str:
        """The lane whose tries are used."""
        return lanes.lane_of(self.browser)

    def rank(self, now: datetime) -> int:
        """Who goes first where many wait: the trusted, then who worked for it, then who presses less."""
        if self.browser:
            return turns.FIRST
        pressing = networks.pressing(self.network, now)
        if self.proved:
            return min(turns.PROVED + pressing, turns.OTHERS - 1)
        return turns.OTHERS + pressing


@dataclass(frozen=True)
class _Entry:
    """One entry on its way: what was charged for it, and whose word it is, if anybody's."""

    subject: str
    caller: Caller
    holder: Holder | None
    counted: bool  # False: the lane or the word is closed


def is_crowded() -> bool:
    """Whether some strangers would be turned away now; a proof of work then goes first."""
    return security_word.TURNS.is_full(sys.maxsize)


def require_room(caller: Caller, now: datetime) -> None:
    """Before any work for this caller: raises SignInBusy where it would be refused at the end anyway."""
    if is_crowded() and security_word.TURNS.is_full(caller.rank(now)):
        networks.turn_away(caller.network, now)
        raise SignInBusy


def check_word(id_number: str, word: str, *, caller: Caller, now: datetime) -> Holder:
    """The holder whose number and word these are. From a stranger's browser, call it only after a solved
    human check (A03).

    Raises SignInRefused: unknown number, wrong word, or the lane is closed; it does not say which. Raises
    TriedTooSoon, NetworkSlowed, SignInBusy: nothing was looked at, and nothing counted.
    """
    rank = caller.rank(now)
    entry = _charge(id_number, caller, now)
    try:
        right = security_word.matches(word, entry.holder.security_word_hash if entry.holder else None, rank)
    except turns.Crowded:
        _give_back(entry, now)
        raise SignInBusy from None
    if entry.holder and right and entry.counted and not holders.word_is_late(entry.holder, now):
        _accept(entry, entry.holder, word, now)
        return entry.holder
    raise _refuse(entry, now)


def free(holder: Holder, *, by: str, now: datetime) -> None:
    """The call centre's part: every lane is open again, and so is a word that was closed for good."""
    with transaction.atomic():
        tries.free(subject_of(holder.id_number))
        audit.record(Event.WORD_FREED, now=now, holder_id=holder.pk, detail={"by": by})


def free_by_card(holder: Holder, now: datetime) -> None:
    """The holder came in with the card: closed lanes are open again. A word closed for good stays closed."""
    with transaction.atomic():
        if not tries.free_lanes(subject_of(holder.id_number)):
            return
        audit.record(Event.WORD_FREED, now=now, holder_id=holder.pk, detail={"by": "card-login"})


def subject_of(id_number: str) -> str:
    """The number's name in the counts."""
    plain = entries.plain_id_number(id_number)
    return salted_hmac("kilitcoz.signin.subject", plain, algorithm="sha256").hexdigest()


def _charge(id_number: str, caller: Caller, now: datetime) -> _Entry:
    """Network first, then lane; what is refused here is not looked at and costs no hash."""
    subject, holder = subject_of(id_number), holders.by_id_number(id_number)
    if caller.browser is None:
        networks.charge(caller.network, now)
    try:
        counted = tries.charge(subject, caller.lane, now, enrolled=holder is not None)
    except TriedTooSoon:
        if caller.browser is None:
            networks.give_back(caller.network)
        raise
    return _Entry(subject, caller, holder, counted)


def _give_back(entry: _Entry, now: datetime) -> None:
    with transaction.atomic():
        tries.give_back(entry.subject, entry.caller.lane, now, counted=entry.counted)
        if entry.caller.browser is None:
            networks.give_back(entry.caller.network)
            networks.turn_away(entry.caller.network, now)


def _accept(entry: _Entry, holder: Holder, word: str, now: datetime) -> None:
    """The tries are given back; a hash of old parameters or pepper is made anew while the word is at hand."""
    outdated = security_word.is_outdated(holder.security_word_hash)
    if outdated:
        holder_services.rehash_word(holder, word)
    with transaction.atomic():
        tries.right(entry.subject, entry.caller.lane)
        if entry.caller.browser is None:
            networks.give_back(entry.caller.network)
        detail: audit.Detail = {"lane": entry.caller.lane, "rehashed": outdated}
        audit.record(Event.WORD_ACCEPTED, now=now, holder_id=holder.pk, detail=detail)


def _refuse(entry: _Entry, now: datetime) -> SignInRefused:
    with transaction.atomic():
        left = tries.left(entry.subject, entry.caller.lane)
        event = Event.WORD_REFUSED if left else Event.WORD_BLOCKED
        detail: audit.Detail = {
            "lane": entry.caller.lane,
            "enrolled": entry.holder is not None,
            "counted": entry.counted,
        }
        holder_id = entry.holder.pk if entry.holder else None
        audit.record(event, now=now, holder_id=holder_id, detail=detail)
        networks.count_everywhere(now)
        if entry.caller.browser and not left:
            lanes.distrust(entry.caller.browser, now)
    return SignInRefused(left if entry.caller.browser else None)
