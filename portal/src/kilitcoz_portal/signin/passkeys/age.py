"""Which passkey opened a session, and whether it is older than the phone number: only such a one unlocks
while a changed number is held (A10). One that was added by the new phone proves no more than that phone.
"""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import Passkey

_ADDED = "passkey_added"


def remember(session: SessionBase, passkey: Passkey) -> None:
    """This passkey opened the session."""
    session[_ADDED] = passkey.created_at.timestamp()


def is_older_than_the_phone(session: SessionBase, holder: Holder) -> bool:
    """Whether a passkey opened the session, and was added before the number last changed."""
    if _ADDED not in session:
        return False
    return holder.phone_changed_at is None or session[_ADDED] < holder.phone_changed_at.timestamp()
