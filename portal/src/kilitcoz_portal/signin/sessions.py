"""What a browser's session remembers: its random name, whose word was right, who is signed in.

The session is made anew, with the browser's name, at each step of signing in, so nothing planted before it is
worth anything after it. How long it lives, and that an ended one is refused everywhere, is signin.living's.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import living
from kilitcoz_portal.signin.devices import Device
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.models import HolderSession

WORD_SECONDS = 15 * 60
STEP_UP_SECONDS = 5 * 60

_BROWSER, _WORD_OF, _WORD_AT, _WORD_MARK = "browser", "word_of", "word_at", "word_mark"
_HOLDER, _WAY = "holder", "way"
_STEPPED_UP, _STEP_UP_ID, _WORD_SHOWN = "stepped_up", "step_up_id", "word_shown"


class Way(StrEnum):
    """How somebody signed in. A certificate is opened for use only after a word (manual, figure 2)."""

    WORD_AND_SMS = "word-and-sms"
    WORD_AND_PASSKEY = "word-and-passkey"
    CARD = "card"
    SIGNATURE = "signature"
    OIDC = "oidc"


BY_WORD = frozenset({Way.WORD_AND_SMS, Way.WORD_AND_PASSKEY})
# Ways in that prove more than word and phone. A passkey counts once it is older than the phone's change.
BEYOND_PHONE = frozenset({Way.CARD, Way.SIGNATURE})


def browser(session: SessionBase) -> str:
    """This browser's random name (32 bytes, base64url); made on first use."""
    if _BROWSER not in session:
        session[_BROWSER] = secrets.token_urlsafe(32)
    return str(session[_BROWSER])


def known_browser(session: SessionBase) -> str:
    """This browser's name if it has one, else an empty string; makes no session for a passer-by."""
    return str(session.get(_BROWSER, ""))


def word_accepted(session: SessionBase, holder: Holder, now: datetime) -> None:
    """First step: the word was right. For a quarter of an hour this browser may ask for the SMS code."""
    _renew(session, now)
    session[_WORD_OF], session[_WORD_AT] = holder.pk, int(now.timestamp())
    session[_WORD_MARK] = _word_mark(holders.holder(holder.pk) or holder)


def word_holder(session: SessionBase, now: datetime) -> Holder | None:
    """Whose word was right in this browser, as long as that counts and the word is still the same."""
    if _WORD_OF not in session or now.timestamp() - session[_WORD_AT] >= WORD_SECONDS:
        return None
    holder = holders.holder(session[_WORD_OF])
    if holder is None or not constant_time_compare(session[_WORD_MARK], _word_mark(holder)):
        return None
    return holder


def sign_in(session: SessionBase, holder: Holder, now: datetime, *, by: Way = Way.WORD_AND_SMS) -> None:
    """The last step of every way in: the session is renewed and belongs to the holder."""
    with transaction.atomic():
        _renew(session, now)
        session[_HOLDER], session[_WAY] = holder.pk, by
        if by is Way.CARD:  # the PIN was typed just now: a fresh proof by itself
            session[_STEPPED_UP] = int(now.timestamp())
        session.create()
        row = living.begin(session, holder.pk, browser(session), by, now)
        audit.record(Event.SIGNED_IN, now=now, holder_id=holder.pk, detail={"by": by, "session": row.pk})


def way_of(session: SessionBase) -> Way | None:
    """How the holder of this session signed in; None where nobody did."""
    return Way(session[_WAY]) if _WAY in session else None


def step_up_id(session: SessionBase) -> str:
    """What the running proof is bound to (22 characters); made on first use, spent with the proof."""
    if _STEP_UP_ID not in session:
        session[_STEP_UP_ID] = secrets.token_urlsafe(16)
    return str(session[_STEP_UP_ID])


def step_up(session: SessionBase, now: datetime) -> None:
    """A fresh proof of who they are: for five minutes the holder may do more. The session gets a new key."""
    session.pop(_STEP_UP_ID, None)
    session[_STEPPED_UP] = int(now.timestamp())
    living.rename(session)


def is_stepped_up(session: SessionBase, now: datetime) -> bool:
    """Whether that, or a login by card, was less than five minutes ago."""
    return _STEPPED_UP in session and now.timestamp() - session[_STEPPED_UP] < STEP_UP_SECONDS


def holder_id(session: SessionBase, now: datetime) -> int | None:
    """Who is signed in, or None. Counts as a sign of life; a session past its time ends here."""
    row = visit(session, now)
    return row.holder_id if row is not None else None


def visit(session: SessionBase, now: datetime, device: Device | None = None) -> HolderSession | None:
    """The signed-in session, with a sign of life from this device; one past its time ends here."""
    row = look(session, now)
    if row is not None:
        living.touch(row, now, device)
    return row


def look(session: SessionBase, now: datetime) -> HolderSession | None:
    """The signed-in session as it stands, without a sign of life; one past its time ends here."""
    if _HOLDER not in session:
        return None
    row = living.row_of(session)
    if row is not None and living.due(row)[0] > now:
        return row
    _end(session, End.IDLE, now)
    return None


def word_shown(session: SessionBase, now: datetime) -> None:
    """The signed-in holder has typed the word in use: for five minutes another may take its place."""
    session[_WORD_SHOWN] = int(now.timestamp())


def is_word_shown(session: SessionBase, now: datetime) -> bool:
    """Whether that was less than five minutes ago, or the holder came in by the card, which needs no word."""
    if session.get(_WAY) in BEYOND_PHONE:
        return True
    return _WORD_SHOWN in session and now.timestamp() - session[_WORD_SHOWN] < STEP_UP_SECONDS


def step_on(session: SessionBase, now: datetime) -> str:
    """A step nearer to a forgotten word's successor: the session is made anew, as at each step of signing in.
    The browser's new name.
    """
    _renew(session, now)
    return browser(session)


def sign_out(session: SessionBase, now: datetime, why: End = End.SIGNED_OUT) -> list[HolderSession]:
    """Forget everything this browser's session holds; its row, where somebody was signed in."""
    return _end(session, why, now)


def end_others(session: SessionBase, holder: Holder, now: datetime, why: End) -> list[HolderSession]:
    """End all of the holder's sessions but this one; each is refused at its next request. Returns them.

    Operations that they began are another room's: pages.ending ends both.
    """
    this = living.row_of(session)
    others = HolderSession.objects.filter(holder=holder).exclude(pk=this.pk if this else "")
    return living.end(others, why, now)


def end_all(holder: Holder, now: datetime, why: End) -> list[HolderSession]:
    """As `end_others`, and no session is left: for the call centre, for "it was not me", for everywhere.

    Operations that they began are another room's: pages.ending ends both.
    """
    return living.end(HolderSession.objects.filter(holder=holder), why, now)


def end_one(session_id: str, now: datetime, why: End) -> list[HolderSession]:
    """End this one; returns it, or nothing where it had ended already."""
    return living.end(HolderSession.objects.filter(pk=session_id), why, now)


def _renew(session: SessionBase, now: datetime) -> None:
    """A new, empty session under a new key; who was signed in here before is so no more."""
    _end(session, End.SIGNED_IN_ANEW, now)
    session[_BROWSER] = secrets.token_urlsafe(32)


def _end(session: SessionBase, why: End, now: datetime) -> list[HolderSession]:
    row = living.row_of(session)
    ended = end_one(row.pk, now, why) if row is not None else []
    session.flush()
    return ended


def _word_mark(holder: Holder) -> str:
    """Changes with the word: a word that was right before the change is worth nothing after it."""
    return salted_hmac("kilitcoz.signin.word", holder.security_word_hash, algorithm="sha256").hexdigest()
