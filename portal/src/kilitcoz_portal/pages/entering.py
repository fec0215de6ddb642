"""The end of every way in: the session is the holder's, and the browser is known from now on."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.pages import trust_cookie
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.sessions import Way


def enter(request: HttpRequest, holder: Holder, by: Way, now: datetime) -> HttpResponse:
    """Sign the holder in, and lead on to the menu."""
    sessions.sign_in(request.session, holder, now, by=by)
    rotate_token(request)
    response = redirect("menu")
    trust_cookie.give(request, response, holder, now)
    return response
