"""Django's sessions in the database, under a hash of their key: who reads the table can present no cookie.

The row of a session is named by `stored_key`; nothing but the cookie itself has the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from kilitcoz_cards.messages import b64u_encode

_BYTES = 30  # 240 bits are 40 characters of base64url, the length of Django's column


def stored_key(session_key: str) -> str:
    """SHA-256 of the cookie's value, cut to 40 characters."""
    return b64u_encode(hashlib.sha256(session_key.encode()).digest()[:_BYTES])


def forget(stored_keys: Iterable[str]) -> None:
    """Delete these sessions: whoever still has their cookie is a stranger from the next request on."""
    Session.objects.filter(session_key__in=list(stored_keys)).delete()


class SessionStore(db.SessionStore):
    """As Django's, and the key is hashed on its way into every query."""

    def exists(self, session_key: str) -> bool:
        """Whether there is a session under this cookie's value."""
        return super().exists(stored_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row to save."""
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session under this cookie's value, or this session."""
        key = session_key or self.session_key
        if key is not None:
            forget([stored_key(key)])

    def _get_session_from_db(self) -> Session | None:
        rows = Session.objects.filter(expire_date__gt=timezone.now())
        row = rows.filter(session_key=stored_key(self.session_key)).first() if self.session_key else None
        if row is None:
            self._session_key = None
        return row
