"""The end of every way in: the session is the holder's, and the browser is known from now on. One that this
holder never used is told of, in the same transaction (R8).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.pages import trust_cookie
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.signin import lanes, sessions
from kilitcoz_portal.signin.sessions import Way


def enter(request: HttpRequest, holder: Holder, by: Way, now: datetime) -> HttpResponse:
    """Sign the holder in, and lead on to the menu."""
    known = lanes.is_known(trust_cookie.presented(request), holder, now)
    response = redirect("menu")
    with transaction.atomic():
        sessions.sign_in(request.session, holder, now, by=by)
        if not known:
            notices.tell(holder, Kind.NEW_BROWSER, now, about(request))
        trust_cookie.give(request, response, holder, now)
    rotate_token(request)
    return response
