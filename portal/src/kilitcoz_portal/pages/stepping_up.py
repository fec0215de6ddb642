"""Step-up: what changes who can act in the holder's name asks for a proof not older than five minutes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin import sessions

P = ParamSpec("P")


def stepped_up(
    view: Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """As `signed_in`, and only after a fresh proof; others are asked for it and brought back to this address.

    A form that arrives too late is not kept: its page is shown again after the proof.
    """

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not sessions.is_stepped_up(request.session, visitor.now):
            return redirect(f"{reverse('step-up')}?{urlencode({'sonra': request.path})}")
        return view(request, visitor, *args, **kwargs)

    return guarded


def way_on(request: HttpRequest) -> str:
    """The address of our own to go on to after the proof; the menu where none, or a foreign one, is named."""
    wanted = request.GET.get("sonra", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("menu")
