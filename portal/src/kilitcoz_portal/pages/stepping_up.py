"""Step-up: what changes who can act in the holder's name asks for a proof not older than five minutes.

The ways to give it are one literal table; each ends in `proved`. The proof counts in this session alone,
opens no operation (A07: that has a code of its own), and is not asked of who signed in by card a moment ago.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.passkeys import keeping

P = ParamSpec("P")


@dataclass(frozen=True)
class StepUpWay:
    """One way to prove oneself anew: what its link says, the page that takes the proof, and who has it."""

    name: str  # `by` of the audit event
    label: str | Promise
    page: str  # name of its address; gets ?sonra=
    is_open: Callable[[Holder], bool]


SMS = StepUpWay("sms", _("SMS koduyla doğrula"), "step-up", lambda _holder: True)
PASSKEY = StepUpWay("passkey", _("Geçiş anahtarıyla doğrula"), "step-up-passkey", keeping.serve)
WAYS: tuple[StepUpWay, ...] = (SMS, PASSKEY)


def stepped_up(
    view: Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """As `signed_in`, and only after a fresh proof; others are asked for it and brought back to this address.

    A form that arrives too late is not kept: the page it stood on is shown again after the proof.
    """

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not sessions.is_stepped_up(request.session, visitor.now):
            return redirect(with_way_on("step-up", _page_wanted(request)))
        return view(request, visitor, *args, **kwargs)

    return guarded


def proved(request: HttpRequest, visitor: Visitor, by: StepUpWay) -> HttpResponse:
    """The proof was right: the session and its tokens are renewed; the holder goes on to what was wanted."""
    sessions.step_up(request.session, visitor.now)
    audit.record(Event.STEPPED_UP, now=visitor.now, holder_id=visitor.holder.pk, detail={"by": by.name})
    rotate_token(request)
    return redirect(way_on(request))


def way_on(request: HttpRequest) -> str:
    """The address of our own to go on to after the proof; the menu where none, or a foreign one, is named."""
    wanted = request.GET.get("sonra", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("menu")


def with_way_on(name: str, wanted: str) -> str:
    """The address of the page `name`, carrying where to go on to."""
    return f"{reverse(name)}?{urlencode({'sonra': wanted})}"


def _page_wanted(request: HttpRequest) -> str:
    """This address; of a form, which may have an address of its own, the page of ours that it stood on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return reverse("menu")
    try:
        resolve(page.path)
    except Resolver404:
        return reverse("menu")
    return page.path
