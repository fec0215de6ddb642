"""The page for a code: what happened and what to do. Every refusal that is not a form's ends here."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.operations.errors import OperationError
from kilitcoz_portal.pages.messages import tell

# Where most visitors want to go from a refusal: a name that failure.html knows.
_ONWARD = {"first-pin-awaited": "activate", "activation-by-word": "word"}


def failure(
    request: HttpRequest,
    code: str,
    *,
    status: int = 409,
    screen: str = "",
    onward: str = "",
    until: datetime | None = None,
    kind: str = OperationKind.UNLOCK,
) -> HttpResponse:
    """The row of `code` as a page. `screen` stands as its title where the row's own should not; `onward`
    names the address that most visitors want next, where that is not the menu or the sign-in; `until`: when
    what holds it back is over; `kind`: of the operation, where it is one's.
    """
    told = tell(code, kind)
    context = {"screen": screen or told.title, "told": told, "same_title": not screen, "onward": onward}
    context["until"] = until
    return render(request, "pages/failure.html", context, status=status)


def not_permitted(
    request: HttpRequest, refusal: OperationError, kind: str = OperationKind.UNLOCK
) -> HttpResponse:
    """Why no operation of this kind begins; where it is a matter of waiting, until when."""
    told = tell(refusal.code, kind)
    context = {
        "screen": told.title,
        "told": told,
        "same_title": True,
        "until": getattr(refusal, "until", None),
        "onward": _ONWARD.get(refusal.code, ""),
    }
    return render(request, "pages/failure.html", context, status=refusal.status)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    """404, for whatever reason: unknown, or not this visitor's."""
    return failure(request, "page-not-found", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the session was ended during this request, or no page of ours sends such a request."""
    code = "session-ended" if isinstance(exception, SessionInterrupted) else "request-refused"
    return failure(request, code, status=400)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's
    """403 for a form without its token: a page left open too long, or a forgery."""
    return failure(request, "form-stale", status=403)
