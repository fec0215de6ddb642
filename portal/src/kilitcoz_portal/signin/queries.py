"""Reading a holder's sessions: those that are open, and those that ended lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kilitcoz_portal.signin import living
from kilitcoz_portal.signin.devices import Device
from kilitcoz_portal.signin.models import HolderSession

ENDED_SHOWN = 10


@dataclass(frozen=True)
class Listed:
    """One session as its holder sees it. `ended_by` (living.End) is empty while it is open."""

    id: str
    way: str
    device: Device
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    ended_by: str


def sessions_of(holder_id: int, now: datetime) -> tuple[list[Listed], list[Listed]]:
    """Open ones, newest first; and the last ones that ended, also those that ran out unnoticed."""
    rows = HolderSession.objects.filter(holder_id=holder_id).order_by("-began_at")
    unended = [_listed(row, now) for row in rows.filter(ended_at=None)]
    ended = [_listed(row, now) for row in rows.exclude(ended_at=None)[:ENDED_SHOWN]]
    ended += (each for each in unended if each.ended_by)
    ended.sort(key=lambda each: each.ended_at or now, reverse=True)
    return [each for each in unended if not each.ended_by], ended[:ENDED_SHOWN]


def owner_of(session_id: str) -> int | None:
    """Whose session this is; None where there is none."""
    return HolderSession.objects.filter(pk=session_id).values_list("holder_id", flat=True).first()


def devices_of(holder_id: int, session_ids: Iterable[str]) -> dict[str, Device]:
    """By session of this holder, as long as its row is kept."""
    rows = HolderSession.objects.filter(holder_id=holder_id, pk__in=list(session_ids))
    return {row.pk: _device(row) for row in rows}


def _listed(row: HolderSession, now: datetime) -> Listed:
    by_itself, limit = living.due(row)
    over = row.ended_at is None and by_itself <= now
    return Listed(
        id=row.pk,
        way=row.way,
        device=_device(row),
        began_at=row.began_at,
        seen_at=row.seen_at,
        ended_at=by_itself if over else row.ended_at,
        ended_by=limit if over else row.ended_by,
    )


def _device(row: HolderSession) -> Device:
    return Device(row.browser, row.system, row.network)
