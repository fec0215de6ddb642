"""A new security word: one transaction puts it in the old one's place, ends what the old one opened, tells
every contact and writes it into the books.

Trusted browsers stay when the holder knew the old word: trust is a lane and a spared picture, it opens
nothing by itself. When the word was forgotten, or staff made one, they go: nobody knows who had it (ASVS 5.0,
7.4.3; NIST SP 800-63B-4, 4.3 calls a forgotten password no compromise by itself).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import freezing, security_word, turns, word_history
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import NOTHING_MORE, About
from kilitcoz_portal.signin import lanes, words
from kilitcoz_portal.signin.errors import SignInBusy

BY_HOLDER = "holder"
TEMPORARY_FOR = timedelta(days=21)  # of a word on paper (NIST SP 800-63B-4, 4.2.1.2: a code sent by post)


def change(holder: Holder, word: str, now: datetime, about: About, also: Callable[[], object]) -> None:
    """The signed-in holder chose a word. `also` is done in the same transaction: the page ends the holder's
    other sessions.

    Raises the SecurityWordWeak of the rule it breaks, HolderFrozen, SignInBusy.
    """
    word_hash = prepared(holder, word)
    with transaction.atomic():
        put(holder, word_hash, now, by=BY_HOLDER, about=about)
        also()


def make_temporary(holder: Holder, now: datetime, also: Callable[[], object], *, by: str) -> str:
    """A random word for the holder's paper, made by staff: it lives 21 days and is changed at the first
    login. What was blocked is open again. `also` is done in the same transaction. Raises HolderFrozen.
    """
    word = security_word.make()
    word_hash = prepared(holder, word)
    with transaction.atomic():
        put(holder, word_hash, now, by=by, about=NOTHING_MORE, expires_at=now + TEMPORARY_FOR)
        words.free(holder, by=by, now=now)
        lanes.distrust_all(holder, now)
        also()
    return word


def prepared(holder: Holder, word: str) -> str:
    """The word's hash, outside of any transaction: it takes a second or two."""
    try:
        return word_history.prepare(holder, word)
    except turns.Crowded:
        raise SignInBusy from None


def put(
    holder: Holder,
    word_hash: str,
    now: datetime,
    *,
    by: str,
    about: About,
    expires_at: datetime | None = None,
) -> None:
    """In the caller's transaction. Raises HolderFrozen."""
    freezing.locked_open(holder.pk)
    word_history.replace(holder, word_hash, now, expires_at=expires_at)
    notices.tell(holder, Kind.WORD_CHANGED, now, about)
    detail: audit.Detail = {"by": by, "temporary": expires_at is not None}
    audit.record(Event.WORD_CHANGED, now=now, holder_id=holder.pk, detail=detail)
