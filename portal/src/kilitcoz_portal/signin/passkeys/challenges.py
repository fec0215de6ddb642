"""Challenges: what an authenticator signs, so that its answer serves one browser, one deed, once (A07).

A challenge is SHA-256 over the deed, the browser, the operation, the card's last four and 32 random bytes;
only the random bytes are stored. An answer for one operation therefore fits no other, whatever a page claims.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from kilitcoz_portal.signin.models import PasskeyChallenge
from kilitcoz_portal.signin.passkeys.errors import PasskeyLate

LIFE = timedelta(minutes=5)


class Deed(StrEnum):
    """What a passkey is asked for; an answer for one serves no other (A07)."""

    REGISTER = "register"
    LOGIN = "login"
    STEP_UP = "step-up"
    UNLOCK = "unlock"


@dataclass(frozen=True)
class Wish:
    """Who asks, and what for. `browser` is the session's random string; `operation_id` and `card`, its last
    four, stand only in an unlock.
    """

    browser: str
    deed: Deed
    operation_id: str = ""
    card: str = ""


def issue(wish: Wish, now: datetime) -> bytes:
    """A new challenge (32 bytes), in place of the wish's earlier one."""
    fresh = secrets.token_bytes(32)
    with transaction.atomic():
        PasskeyChallenge.objects.filter(expires_at__lt=now).delete()
        PasskeyChallenge.objects.update_or_create(
            browser=wish.browser,
            deed=wish.deed,
            operation_id=wish.operation_id,
            defaults={"random": fresh, "expires_at": now + LIFE, "used_at": None},
        )
    return _bound(wish, fresh)


def take(wish: Wish, now: datetime) -> bytes:
    """Use up the challenge; what its answer must have signed. Raises PasskeyLate."""
    rows = PasskeyChallenge.objects.filter(
        browser=wish.browser, deed=wish.deed, operation_id=wish.operation_id
    )
    with transaction.atomic():
        if rows.filter(used_at=None, expires_at__gt=now).update(used_at=now) != 1:
            raise PasskeyLate
        return _bound(wish, bytes(rows.get().random))


def _bound(wish: Wish, fresh: bytes) -> bytes:
    parts = ("kilitcoz/1 passkey", wish.deed, wish.browser, wish.operation_id, wish.card)
    return hashlib.sha256("\0".join(parts).encode() + b"\0" + fresh).digest()
