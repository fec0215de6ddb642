"""The life of a signed-in session, as rows: every process asks the same table who is still signed in.

A session ends ten minutes after the holder's last sign of life, an hour after it began, or when it is ended.
Django's own session is deleted in the same transaction, so an ended one is refused at the very next request.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q, QuerySet

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.signin import session_store
from kilitcoz_portal.signin.devices import Device
from kilitcoz_portal.signin.models import HolderSession

IDLE = timedelta(minutes=10)
ABSOLUTE = timedelta(minutes=60)
TOUCH = timedelta(seconds=15)  # signs of life closer together are one
KEPT = timedelta(days=30)  # how long the list remembers a session that ended


class End(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed-out"  # by the holder, in the browser itself
    IDLE = "idle"
    ABSOLUTE = "absolute"
    BY_HOLDER = "by-holder"  # by the holder, from another browser
    SIGNED_IN_ANEW = "signed-in-anew"  # the same browser signed in again
    WRONG_CODES = "wrong-codes"  # five wrong codes at a step-up
    WRONG_WORDS = "wrong-words"  # the word in use was asked before a change
    WORD_CHANGED = "word-changed"
    CONTACT_CHANGED = "contact-changed"
    PASSKEY_CHANGED = "passkey-changed"
    NOT_ME = "not-me"  # the holder undid a deed of a stranger
    CALL_CENTRE = "call-centre"


@dataclass(frozen=True)
class Left:
    """Until when the session lasts if nobody does anything, and until when in any case."""

    idle_at: datetime
    absolute_at: datetime
    idle: int  # the same in seconds from now, rounded up
    absolute: int


def begin(session: SessionBase, holder_id: int, browser: str, way: str, now: datetime) -> HolderSession:
    """The row of a session that was just signed in and saved."""
    return HolderSession.objects.create(
        id=secrets.token_urlsafe(16),
        holder_id=holder_id,
        stored_key=_stored_key(session),
        browser_hash=hashlib.sha256(browser.encode()).digest(),
        way=way,
        began_at=now,
        seen_at=now,
    )


def row_of(session: SessionBase) -> HolderSession | None:
    """The open row of this session, whether or not its time is over; None where it has none."""
    if session.session_key is None:
        return None
    return HolderSession.objects.filter(stored_key=_stored_key(session), ended_at=None).first()


def rename(session: SessionBase) -> None:
    """Give the session a new key and keep all else; the old key opens nothing any more."""
    before = _stored_key(session)
    with transaction.atomic():
        session.cycle_key()
        HolderSession.objects.filter(stored_key=before).update(stored_key=_stored_key(session))


def due(row: HolderSession) -> tuple[datetime, End]:
    """When this session ends by itself, and which of the two limits it is."""
    idle, absolute = row.seen_at + IDLE, row.began_at + ABSOLUTE
    return (idle, End.IDLE) if idle < absolute else (absolute, End.ABSOLUTE)


def left(row: HolderSession, now: datetime) -> Left:
    """How long it has."""
    idle_at, absolute_at = due(row)[0], row.began_at + ABSOLUTE
    idle, absolute = (max(0, math.ceil((end - now).total_seconds())) for end in (idle_at, absolute_at))
    return Left(idle_at, absolute_at, idle, absolute)


def touch(row: HolderSession, now: datetime, device: Device | None = None) -> None:
    """A sign of life of the holder, in the browser as it describes itself."""
    if now - row.seen_at < TOUCH and (device is None or row.network):
        return
    row.seen_at = max(now, row.seen_at)
    if device is not None:
        row.browser, row.system, row.network = device.browser, device.system, device.network
    values = {name: getattr(row, name) for name in ("seen_at", "browser", "system", "network")}
    HolderSession.objects.filter(pk=row.pk, ended_at=None, seen_at__lte=row.seen_at).update(**values)


def end(sessions: QuerySet[HolderSession], why: End, now: datetime) -> list[HolderSession]:
    """End those of these that are open. One whose time was over had ended by then, and its row says so."""
    with transaction.atomic():
        rows = list(sessions.filter(ended_at=None).select_for_update())
        for row in rows:
            by_itself, limit = due(row)
            row.ended_at, row.ended_by = (by_itself, limit) if by_itself <= now else (now, why)
            row.save(update_fields=["ended_at", "ended_by"])
            event = Event.SIGNED_OUT if row.ended_by == End.SIGNED_OUT else Event.SESSION_ENDED
            detail: audit.Detail = {"why": row.ended_by, "session": row.pk}
            audit.record(event, now=now, holder_id=row.holder_id, detail=detail)
        session_store.forget(row.stored_key for row in rows)
    return rows


def sweep(now: datetime) -> int:
    """End what nobody came back to; how many there were. After thirty days an ended one is forgotten."""
    late = HolderSession.objects.filter(Q(seen_at__lte=now - IDLE) | Q(began_at__lte=now - ABSOLUTE))
    ended = end(late, End.IDLE, now)
    HolderSession.objects.filter(ended_at__lt=now - KEPT).delete()
    return len(ended)


def _stored_key(session: SessionBase) -> str:
    assert session.session_key is not None
    return session_store.stored_key(session.session_key)
