"""What every template may use: the installation's names, and whether somebody is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from kilitcoz_portal.signin import sessions


def portal(request: HttpRequest) -> dict[str, object]:
    """`organisation`, `call_centre`, `demo`, `signed_in`, and `here`: the address to come back to after a
    change of language.
    """
    session = getattr(request, "session", None)
    return {
        "organisation": settings.KILITCOZ_ORGANISATION,
        "call_centre": settings.KILITCOZ_CALL_CENTRE,
        "demo": settings.KILITCOZ_DEMO,
        "signed_in": session is not None and sessions.holder_id(session, timezone.now()) is not None,
        "here": request.get_full_path(),
    }
