"""Ending sessions, and with them what they began: no card service goes on for a browser that is out.

Only what somebody ends is taken along. A session that ran out of time leaves its operation to the operation's
own ten minutes: the holder may be busy in the card service.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.models import HolderSession


def sign_out(session: SessionBase, now: datetime, why: End = End.SIGNED_OUT) -> None:
    """End this browser's session."""
    with transaction.atomic():
        _take_along(sessions.sign_out(session, now, why), now)


def end_others(session: SessionBase, holder: Holder, now: datetime, why: End) -> int:
    """End all of the holder's sessions but this one; how many there were."""
    with transaction.atomic():
        return _take_along(sessions.end_others(session, holder, now, why), now)


def end_all(holder: Holder, now: datetime, why: End) -> int:
    """End all of the holder's sessions; how many there were."""
    with transaction.atomic():
        return _take_along(sessions.end_all(holder, now, why), now)


def end_one(session_id: str, now: datetime, why: End) -> int:
    """End this one; 0 where it had ended already."""
    with transaction.atomic():
        return _take_along(sessions.end_one(session_id, now, why), now)


def _take_along(ended: Iterable[HolderSession], now: datetime) -> int:
    browsers = [bytes(row.browser_hash) for row in ended]
    operations.cancel_begun_in(browsers, now)
    return len(browsers)
