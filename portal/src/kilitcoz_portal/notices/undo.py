"""The undo link: one use, thirty days; whoever holds it may say "it was not me", and nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from kilitcoz_portal.notices.models import Notice

LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Link:
    """A link that exists and is not too old; `used`: the deed was undone before."""

    notice: Notice
    used: bool


def undo_hash(secret: str) -> bytes:
    """As stored: SHA-256 of the link's last part."""
    return hashlib.sha256(secret.encode()).digest()


def look(secret: str, now: datetime) -> Link | None:
    """The link with this secret; None where there is none, or it is older than thirty days."""
    notice = Notice.objects.select_related("holder").filter(undo_hash=undo_hash(secret)).first()
    if notice is None or now - notice.at >= LIFE:
        return None
    return Link(notice, used=notice.undone_at is not None)


def use(notice: Notice, now: datetime) -> bool:
    """Spend the link, inside the transaction of what is undone; False where another press was first."""
    return Notice.objects.filter(pk=notice.pk, undone_at=None).update(undone_at=now) == 1
