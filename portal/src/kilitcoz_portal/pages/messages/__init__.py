"""Every code that a holder can meet on the portal's pages: its title, what happened, what to do next.

The rows are literal tables, Turkish as msgid, English in locale/en; docs/errors.md has a row for each, held
by a test. `%(call_centre)s` stands for the call centre's number.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from kilitcoz_portal.pages.messages.account import ACCOUNT
from kilitcoz_portal.pages.messages.certificate import CERTIFICATE
from kilitcoz_portal.pages.messages.oidc import OIDC
from kilitcoz_portal.pages.messages.operation import OPERATION
from kilitcoz_portal.pages.messages.passkey import PASSKEY
from kilitcoz_portal.pages.messages.row import Message
from kilitcoz_portal.pages.messages.sign_in import SIGN_IN

MESSAGES: dict[str, Message] = {**SIGN_IN, **PASSKEY, **CERTIFICATE, **OIDC, **OPERATION, **ACCOUNT}
FALLBACK = "operation-failed"


@dataclass(frozen=True)
class Told:
    """A row in the visitor's language, with the installation's call centre in it."""

    code: str
    title: str
    happened: str
    next_step: str
    again: bool


def tell(code: str) -> Told:
    """What to tell the holder about `code`; a code without a row is told as `operation-failed`, under its own
    name.
    """
    row = MESSAGES.get(code, MESSAGES[FALLBACK])
    names = {"call_centre": settings.KILITCOZ_CALL_CENTRE}
    return Told(
        code, str(row.title) % names, str(row.happened) % names, str(row.next_step) % names, row.again
    )
