"""The login by an identity provider: away to it, and back with its answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from kilitcoz_portal.pages.entering import enter
from kilitcoz_portal.pages.oidc_label import oidc_label
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.oidc import login, provider
from kilitcoz_portal.signin.oidc.errors import OidcError
from kilitcoz_portal.signin.oidc.login import Answer
from kilitcoz_portal.signin.sessions import Way


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Begin, and go. The browser leaves by a refresh: our policy lets no form, and no form's redirect, lead
    elsewhere.
    """
    if not provider.is_offered():
        raise Http404
    browser = sessions.browser(request.session)
    try:
        away = login.begin(browser, _return_to(), get_language() or "tr", timezone.now())
    except OidcError as refusal:
        return _told(request, refusal)
    context = {"screen": oidc_label(), "away": away, "host": urlsplit(away).hostname}
    response = render(request, "pages/oidc.html", context)
    response.headers["Refresh"] = f"0; url={away}"
    return response


@require_safe
@sensitive_variables("answer")
def come_back(request: HttpRequest) -> HttpResponse:
    """Sign in whom the provider names, in the browser that began it and in no other (A18b)."""
    if not provider.is_offered():
        raise Http404
    answer = Answer(
        state=request.GET.get("state", "")[:128],
        code=request.GET.get("code", "")[:2048],
        issuer=request.GET.get("iss"),
        error=request.GET.get("error", "")[:64],
    )
    now = timezone.now()
    try:
        holder = login.finish(sessions.known_browser(request.session), answer, _return_to(), now)
    except OidcError as refusal:
        return _told(request, refusal)
    return enter(request, holder, Way.OIDC, now)


def _return_to() -> str:
    return f"{settings.KILITCOZ_ORIGIN}{reverse('oidc-return')}"


def _told(request: HttpRequest, refusal: OidcError) -> HttpResponse:
    return failure(request, refusal.code, status=403, screen=oidc_label(), onward="login")
