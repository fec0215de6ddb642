"""What a browser's session remembers: its random name, whose word was right, who is signed in and since when.

The session key is renewed and the browser's name made anew at each step up, so nothing planted before it is
worth anything after it. A session ends ten idle minutes, or sixty minutes in all, after signing in.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder

IDLE_SECONDS = 10 * 60
ABSOLUTE_SECONDS = 60 * 60
WORD_SECONDS = 15 * 60
_TOUCH_SECONDS = 15

_BROWSER, _WORD_OF, _WORD_AT = "browser", "word_of", "word_at"
_HOLDER, _SINCE, _SEEN = "holder", "since", "seen"


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
    _renew(session)
    session[_WORD_OF], session[_WORD_AT] = holder.pk, int(now.timestamp())


def word_holder(session: SessionBase, now: datetime) -> Holder | None:
    """Whose word was right in this browser, as long as that counts."""
    if _WORD_OF not in session or now.timestamp() - session[_WORD_AT] >= WORD_SECONDS:
        return None
    return holders.holder(session[_WORD_OF])


def sign_in(session: SessionBase, holder: Holder, now: datetime) -> None:
    """Second step: the code was right too."""
    _renew(session)
    session[_HOLDER], session[_SINCE], session[_SEEN] = holder.pk, int(now.timestamp()), int(now.timestamp())
    audit.record(Event.SIGNED_IN, now=now, holder_id=holder.pk, detail={"by": "word-and-sms"})


def holder_id(session: SessionBase, now: datetime) -> int | None:
    """Who is signed in, or None. Counts as a sign of life; a session past its time ends here."""
    if _HOLDER not in session:
        return None
    moment = now.timestamp()
    if moment - session[_SEEN] >= IDLE_SECONDS or moment - session[_SINCE] >= ABSOLUTE_SECONDS:
        session.flush()
        return None
    if moment - session[_SEEN] >= _TOUCH_SECONDS:
        session[_SEEN] = int(moment)
    return int(session[_HOLDER])


def sign_out(session: SessionBase, now: datetime) -> None:
    """Forget everything this browser's session holds."""
    if _HOLDER in session:
        audit.record(Event.SIGNED_OUT, now=now, holder_id=session[_HOLDER])
    session.flush()


def _renew(session: SessionBase) -> None:
    """A new, empty session under a new key."""
    session.flush()
    session[_BROWSER] = secrets.token_urlsafe(32)
