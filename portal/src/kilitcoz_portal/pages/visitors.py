"""Who a view is working for. Views of the services area take a Visitor; without one, the visitor is sent to
sign in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from kilitcoz_portal.addresses import client_address
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.devices import describe
from kilitcoz_portal.signin.models import HolderSession
from kilitcoz_portal.signin.sessions import BY_WORD

P = ParamSpec("P")
SESSION_ENDED = "oturum-kapandi"
_WAY_TO_ANOTHER_WORD = ("word-change", "step-up")  # what begins with these


@dataclass(frozen=True)
class Visitor:
    """A signed-in holder in one browser at one moment."""

    holder: Holder
    browser: str
    now: datetime


def visitor_of(request: HttpRequest) -> Visitor | None:
    """The signed-in visitor, or None. Asking is a sign of life of the session."""
    device = describe(request.headers.get("User-Agent", ""), client_address(request))
    now = timezone.now()
    return _visitor(request.session, sessions.visit(request.session, now, device), now)


def onlooker_of(request: HttpRequest) -> Visitor | None:
    """The same without a sign of life: for what a page's script asks by itself, so that a page left open does
    not keep its session alive.
    """
    now = timezone.now()
    return _visitor(request.session, sessions.look(request.session, now), now)


def signed_in(
    view: Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view its Visitor, or send the visitor to the sign-in with a word on why."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visitor = visitor_of(request)
        if visitor is None:
            return redirect(f"{reverse('ways-in')}?durum={SESSION_ENDED}")
        if _must_change_word(request, visitor):
            return redirect("word-change")
        return view(request, visitor, *args, **kwargs)

    return guarded


def signed_out(notice: str) -> HttpResponse:
    """To the ways in, with a word on what happened; the browser forgets what it kept of our pages (ASVS 5.0,
    14.3.1). Its cookies stay: the trusted browser's is not the session's.
    """
    response = redirect(f"{reverse('ways-in')}?durum={notice}")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _must_change_word(request: HttpRequest, visitor: Visitor) -> bool:
    """Whether the word by which this session was opened is one that staff has seen, and this is not the way
    to another.
    """
    if visitor.holder.word_expires_at is None or sessions.way_of(request.session) not in BY_WORD:
        return False
    here = request.resolver_match.url_name if request.resolver_match else None
    return not (here or "").startswith(_WAY_TO_ANOTHER_WORD)


def _visitor(session: SessionBase, row: HolderSession | None, now: datetime) -> Visitor | None:
    holder = holders.holder(row.holder_id) if row is not None else None
    return Visitor(holder, sessions.browser(session), now) if holder else None
