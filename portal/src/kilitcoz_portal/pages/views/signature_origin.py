"""The one page of the origin that asks for a certificate. No session is known here, no cookie is read; what
is decided here counts only for the browser that began on the portal.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from kilitcoz_portal.pages.client_certificate import shown
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.signin import signature
from kilitcoz_portal.signin.errors import CertificateMisdirected, SignatureTicketLate, SignInError
from kilitcoz_portal.trust.errors import TrustError


@require_safe
def present(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """Take the certificate, and send the browser back with the completion secret in the fragment."""
    now = timezone.now()
    language = signature.language_of(ticket_id)
    with translation.override(language or translation.get_language()):
        try:
            if language is None:
                raise SignatureTicketLate
            it = shown(request)
            completion = signature.present(ticket_id, it.certificate, it.chain, now)
        except CertificateMisdirected as refusal:
            signature.refused(refusal, now)
            return _told(request, refusal.code)
        except (SignInError, TrustError) as refusal:
            return _told(request, refusal.code)
    back = reverse("signature-return", urlconf=settings.ROOT_URLCONF, args=[ticket_id])
    response = HttpResponse(status=303)
    response.headers["Location"] = f"{settings.KILITCOZ_ORIGIN}{back}#c={completion}"
    return response


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's
    """Nothing else is at this origin."""
    return _told(request, "page-not-found", status=404)


def _told(request: HttpRequest, code: str, status: int = 403) -> HttpResponse:
    """The row of `code`, with the way back to the portal."""
    ways_in = f"{settings.KILITCOZ_ORIGIN}{reverse('ways-in', urlconf=settings.ROOT_URLCONF)}"
    context = {"told": tell(code), "ways_in": ways_in, "portal_origin": settings.KILITCOZ_ORIGIN}
    return render(request, "pages/signature_told.html", context, status=status)
