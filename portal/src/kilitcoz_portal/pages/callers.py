"""Who stands at the door, as far as a request shows it; and the human check that strangers answer there."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from kilitcoz_portal.addresses import client_address, network_of
from kilitcoz_portal.pages import trust_cookie
from kilitcoz_portal.pages.forms import LoginForm
from kilitcoz_portal.signin import human, lanes, sessions
from kilitcoz_portal.signin.words import Caller


def caller_of(request: HttpRequest, id_number: str) -> Caller:
    """The network, and the browser if it is trusted for the holder with this number."""
    network = network_of(client_address(request))
    cookie = trust_cookie.presented(request)
    return Caller(network, lanes.browser_of(id_number, cookie, timezone.now()))


def check_for(request: HttpRequest, form: LoginForm) -> str:
    """The check that the form came with, if it is still open; else a fresh one, and what was typed for the
    last is gone.
    """
    now, browser, check_id = (
        timezone.now(),
        sessions.browser(request.session),
        str(form.data.get("check", "")),
    )
    if check_id and human.is_open(check_id, browser, now):
        return check_id
    form.forget_the_check()
    return human.new_check(browser, now).pk
