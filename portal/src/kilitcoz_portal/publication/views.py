"""HTTP only: what is signed is served as it is, with the caching that its own times allow (RFC 5019, 6.2)."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from cryptography.x509.ocsp import OCSPResponseStatus
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kilitcoz_portal.ca import answers, lists, ocsp
from kilitcoz_portal.ca.answers import Answer
from kilitcoz_portal.ca.ceremony import ROOT
from kilitcoz_portal.ca.models import Authority

REQUEST, RESPONSE = "application/ocsp-request", "application/ocsp-response"
CERTIFICATE, LIST = "application/pkix-cert", "application/pkix-crl"  # RFC 2585, 4
A_DAY = 24 * 3600
# A change shows within so many seconds wherever answers are kept; RFC 5019, 6.2 would allow until nextUpdate.
KEPT_SECONDS = 10


@require_safe
def certificate(_request: HttpRequest, name: str) -> HttpResponse:
    """An authority's certificate, DER; the root's under its own name."""
    found = _authority(name)
    der = bytes(found.root if name == ROOT else found.certificate)
    headers = {"Cache-Control": f"public, max-age={A_DAY}"}
    return HttpResponse(der, content_type=CERTIFICATE, headers=headers)


@require_safe
def revocation_list(_request: HttpRequest, name: str) -> HttpResponse:
    """The newest list, DER. Caches ask again at every use: a suspension must show at once."""
    headers = {"Cache-Control": "public, no-cache"}
    if name == ROOT:
        return HttpResponse(bytes(_authority(name).root_list), content_type=LIST, headers=headers)
    newest = lists.current(name)
    if newest is None:
        raise Http404
    headers["ETag"] = f'"{newest.number}"'
    return HttpResponse(bytes(newest.der), content_type=LIST, headers=headers)


@csrf_exempt
@require_POST
def ocsp_post(request: HttpRequest) -> HttpResponse:
    """RFC 6960, A.1: the request as the body."""
    length = request.headers.get("Content-Length", "")
    if request.content_type != REQUEST or not length.isdecimal() or int(length) > ocsp.MOST_REQUEST_BYTES:
        return _malformed()
    now = timezone.now()
    return _response(answers.answer(request.body, now), now)


@require_safe
def ocsp_get(_request: HttpRequest, encoded: str) -> HttpResponse:
    """RFC 6960, A.1: the request in the address, base64 and then percent-encoded."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return _malformed()
    now = timezone.now()
    return _response(answers.answer(raw, now), now)


def _response(answer: Answer, now: datetime) -> HttpResponse:
    response = HttpResponse(answer.der, content_type=RESPONSE)
    if answer.this_update is None or answer.next_update is None:
        response["Cache-Control"] = "no-store"
        return response
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, must-revalidate"
    response["Last-Modified"] = http_date(answer.this_update.timestamp())
    response["Expires"] = http_date(answer.next_update.timestamp())
    response["Date"] = http_date(now.timestamp())
    return response


def _malformed() -> HttpResponse:
    return _response(Answer(ocsp.refusal(OCSPResponseStatus.MALFORMED_REQUEST)), timezone.now())


def _authority(name: str) -> Authority:
    known = Authority.objects.order_by("-pk")
    found = known.first() if name == ROOT else known.filter(name=name).first()
    if found is None:
        raise Http404
    return found
