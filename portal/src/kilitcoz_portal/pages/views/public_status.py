""" "Sertifika Sorgula": anybody checks a certificate's state, by its serial number or with its file."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kilitcoz_portal.addresses import client_address, network_of
from kilitcoz_portal.ca.errors import CaError, CaUnavailable
from kilitcoz_portal.pages import public_status
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.pages.pki_addresses import pki_addresses
from kilitcoz_portal.pages.public_status import Answer, SerialMalformed
from kilitcoz_portal.pages.uploaded_certificate import UploadRefused, certificate_in
from kilitcoz_portal.signin import allowances

PER_NETWORK = 60  # in an hour; programs ask OCSP, which has no such limit
HOUR = timedelta(hours=1)
SLOWED = "status-checks-slowed"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """`?seri=` asks by number, a form by file; without either, the two ways to ask."""
    typed = request.GET.get("seri", "").strip()
    if request.method != "POST" and not typed:
        return _page(request)
    now = timezone.now()
    if not allowances.take(f"status:{network_of(client_address(request))}", PER_NETWORK, HOUR, now):
        return _page(request, typed, told=tell(SLOWED), status=429)
    try:
        return _page(request, typed, answer=_answer(request, typed, now))
    except (SerialMalformed, UploadRefused) as refusal:
        return _page(request, typed, told=tell(refusal.code), status=422)
    except CaError:
        return _page(request, typed, told=tell(CaUnavailable.code), status=503)


def _answer(request: HttpRequest, typed: str, now: datetime) -> Answer:
    if request.method != "POST":
        return public_status.of_serial(typed, now)
    return public_status.of_certificate(certificate_in(request.FILES.get("dosya")), now)


def _page(
    request: HttpRequest,
    typed: str = "",
    *,
    answer: Answer | None = None,
    told: Told | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "screen": _("Sertifika Sorgula"),
        "typed": typed,
        "answer": answer,
        "told": told,
        "pki": pki_addresses(),
        "now": timezone.now(),
    }
    return render(request, "pages/public_status.html", context, status=status)
