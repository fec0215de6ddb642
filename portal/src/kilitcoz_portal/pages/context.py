"""What every template may use: the installation's names, and whether somebody is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from kilitcoz_portal.signin import living, sessions


@dataclass(frozen=True)
class Warned:
    """How many seconds before either end of a session the holder is told; WCAG 2.2.1 asks for twenty."""

    idle: int = 120
    absolute: int = 300


def portal(request: HttpRequest) -> dict[str, object]:
    """`organisation`, `call_centre`, `demo`; `signed_in`, and then `session_left` and `session_warning`; and
    `here`: the address to come back to after a change of language.
    """
    now = timezone.now()
    session = getattr(request, "session", None)
    row = sessions.visit(session, now) if session is not None else None
    return {
        "organisation": settings.KILITCOZ_ORGANISATION,
        "call_centre": settings.KILITCOZ_CALL_CENTRE,
        "demo": settings.KILITCOZ_DEMO,
        "signed_in": row is not None,
        "session_left": living.left(row, now) if row is not None else None,
        "session_warning": Warned(),
        "here": request.get_full_path(),
    }
