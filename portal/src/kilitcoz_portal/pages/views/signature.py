"""Figure 2, "E-imzalı Giriş", on the portal: away to the page that asks for a certificate, and back."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from kilitcoz_portal.pages.entering import enter
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import visitor_of
from kilitcoz_portal.signin import sessions, signature, words
from kilitcoz_portal.signin.errors import SignatureNotBegun
from kilitcoz_portal.signin.sessions import Way


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """What to have at hand; then a ticket, and away. The browser leaves by a refresh: our policy lets no form
    lead elsewhere.
    """
    screen = _("E-imzalı Giriş")
    if not signature.is_offered():
        return failure(request, "login-not-offered", status=200, screen=screen, onward="login")
    if request.method != "POST":
        if visitor_of(request):
            return redirect("menu")
        return render(request, "pages/signature.html", {"screen": screen})
    ticket = signature.begin(sessions.browser(request.session), get_language() or "tr", timezone.now())
    there = reverse("signature-present", urlconf="kilitcoz_portal.config.signature_urls", args=[ticket])
    away = f"{settings.KILITCOZ_SIGNATURE_ORIGIN}{there}"
    context = {"screen": screen, "away": away, "host": urlsplit(away).hostname}
    response = render(request, "pages/signature_away.html", context)
    response.headers["Refresh"] = f"0; url={away}"
    return response


@sensitive_post_parameters("completion")
@sensitive_variables("completion")
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """The certificate was shown; the secret is in the fragment, which only the page can read. Another browser
    than the one that left is told so, and signs nobody in (A18b).
    """
    if request.method != "POST":
        context = {"screen": _("E-imzalı Giriş"), "ticket_id": ticket_id}
        return render(request, "pages/signature_return.html", context)
    browser, now = sessions.known_browser(request.session), timezone.now()
    completion = request.POST.get("completion", "")[:128]
    try:
        holder = signature.finish(browser, ticket_id, completion, now)
    except SignatureNotBegun as refusal:
        return failure(request, refusal.code, status=403)
    words.free_by_card(holder, now)
    return enter(request, holder, Way.SIGNATURE, now)
