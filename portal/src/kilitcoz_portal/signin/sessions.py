"""What a browser's session remembers: its random name, whose word was right, who is signed in and since when.

The session key is renewed and the browser's name made anew at each step up, so nothing planted before it is
worth anything after it. A session ends ten idle minutes, or sixty minutes in all, after signing in.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from django.contrib.sessions.backends.base import SessionBase

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder

IDLE_SECONDS = 10 * 60
ABSOLUTE_SECONDS = 60 * 60
WORD_SECONDS = 15 * 60
STEP_UP_SECONDS = 5 * 60
_TOUCH_SECONDS = 15

_BROWSER, _WORD_OF, _WORD_AT = "browser", "word_of", "word_at"
_HOLDER, _SINCE, _SEEN, _WAY = "holder", "since", "seen", "way"
_STEPPED_UP, _STEP_UP_ID = "stepped_up", "step_up_id"


class Way(StrEnum):
    """How somebody signed in. A certificate is opened for use only after a word (manual, figure 2)."""

    WORD_AND_SMS = "word-and-sms"
    WORD_AND_PASSKEY = "word-and-passkey"
    CARD = "card"
    SIGNATURE = "signature"
    OIDC = "oidc"


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


def sign_in(session: SessionBase, holder: Holder, now: datetime, *, by: Way = Way.WORD_AND_SMS) -> None:
    """The last step of every way in: the session is renewed and belongs to the holder."""
    _renew(session)
    session[_HOLDER], session[_SINCE], session[_SEEN] = holder.pk, int(now.timestamp()), int(now.timestamp())
    session[_WAY] = by
    audit.record(Event.SIGNED_IN, now=now, holder_id=holder.pk, detail={"by": by})


def way_of(session: SessionBase) -> Way | None:
    """How the holder of this session signed in; None where nobody did."""
    return Way(session[_WAY]) if _WAY in session else None


def step_up_id(session: SessionBase) -> str:
    """What the running proof is bound to (22 characters); made on first use, spent with the proof."""
    if _STEP_UP_ID not in session:
        session[_STEP_UP_ID] = secrets.token_urlsafe(16)
    return str(session[_STEP_UP_ID])


def step_up(session: SessionBase, now: datetime) -> None:
    """The signed-in holder has proved anew who they are: for five minutes more may be done."""
    session.pop(_STEP_UP_ID, None)
    session[_STEPPED_UP] = int(now.timestamp())


def is_stepped_up(session: SessionBase, now: datetime) -> bool:
    """Whether that was less than five minutes ago."""
    return _STEPPED_UP in session and now.timestamp() - session[_STEPPED_UP] < STEP_UP_SECONDS


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
