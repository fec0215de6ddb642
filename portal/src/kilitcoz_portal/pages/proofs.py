"""What the session that is open was opened with."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.passkeys import age


def beyond_phone(session: SessionBase, holder: Holder) -> bool:
    """Whether by more than word and SMS (A10, operations.permission)."""
    older_passkey = age.is_older_than_the_phone(session, holder)
    return older_passkey or sessions.way_of(session) in sessions.BEYOND_PHONE
