"""The cookie by which a browser is known again (signin.lanes): read, given at the end of every full login."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import lanes


def presented(request: HttpRequest) -> str:
    """The cookie as the browser sent it, or an empty string."""
    return str(request.COOKIES.get(settings.TRUST_COOKIE_NAME, ""))


def give(request: HttpRequest, response: HttpResponseBase, holder: Holder, now: datetime) -> None:
    """This browser has logged in fully as this holder: it is trusted from now on."""
    response.set_cookie(
        settings.TRUST_COOKIE_NAME,
        lanes.trust(presented(request), holder, now),
        max_age=timedelta(days=settings.KILITCOZ_TRUST_DAYS),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
