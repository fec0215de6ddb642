"""Fetched answers in the database, so that every process has them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from kilitcoz_portal.trust.models import StatusAnswer


def key_of(*parts: bytes) -> str:
    """A question's name."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(4, "big") + part)
    return hashed.hexdigest()


def kept(kind: str, key: str, now: datetime) -> bytes | None:
    """The answer that was kept for this question and is to be used still, or None."""
    row = StatusAnswer.objects.filter(kind=kind, key=key, keep_until__gt=now).first()
    return bytes(row.answer) if row else None


def keep(kind: str, key: str, answer: bytes, *, until: datetime, now: datetime) -> None:
    """Keep the newest answer to this question; what nobody needs any more is cleared away on the way."""
    StatusAnswer.objects.filter(keep_until__lte=now).delete()
    StatusAnswer.objects.update_or_create(
        kind=kind, key=key, defaults={"answer": answer, "keep_until": until, "fetched_at": now}
    )
