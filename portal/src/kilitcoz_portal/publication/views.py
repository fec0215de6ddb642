"""HTTP only: what is signed is served as it is, with the caching that its own times allow (RFC 5019, 6.2)."""

from __future__ import annotations

import base64
import binascii

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kilitcoz_portal.ca import answers, lists, ocsp
from kilitcoz_portal.ca.answers import MALFORMED
from kilitcoz_portal.ca.ceremony import ROOT
from kilitcoz_portal.ca.models import Authority
from kilitcoz_portal.publication import caching

CERTIFICATE, LIST = "application/pkix-cert", "application/pkix-crl"  # RFC 2585, 4
A_DAY = 24 * 3600


@require_safe
def certificate(_request: HttpRequest, name: str) -> HttpResponse:
    """An authority's certificate, DER; the root's under its own name."""
    found = _authority(name)
    der = bytes(found.root if name == ROOT else found.certificate)
    headers = {"Cache-Control": f"public, max-age={A_DAY}"}
    return HttpResponse(der, content_type=CERTIFICATE, headers=headers)


@require_safe
def revocation_list(request: HttpRequest, name: str) -> HttpResponse:
    """The newest list, DER. Caches ask again at every use: a suspension must show at once."""
    headers = {"Cache-Control": "public, no-cache"}
    if name == ROOT:
        return HttpResponse(bytes(_authority(name).root_list), content_type=LIST, headers=headers)
    edition = lists.current(name)
    if edition is not None and request.headers.get("If-None-Match") == f'"{edition.number}"':
        return HttpResponseNotModified(headers={**headers, "ETag": f'"{edition.number}"'})
    newest = lists.download(name)
    if newest is None:
        raise Http404
    headers["ETag"] = f'"{newest.number}"'
    return HttpResponse(newest.der, content_type=LIST, headers=headers)


@csrf_exempt
@require_POST
def ocsp_post(request: HttpRequest) -> HttpResponseBase:
    """RFC 6960, A.1: the request as the body."""
    length = request.headers.get("Content-Length", "")
    fits = length.isdecimal() and int(length) <= ocsp.MOST_REQUEST_BYTES
    return _answered(request, request.body if fits and request.content_type == caching.REQUEST else b"")


@require_safe
def ocsp_get(request: HttpRequest, encoded: str) -> HttpResponseBase:
    """RFC 6960, A.1: the request in the address, base64 and then percent-encoded."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    return _answered(request, raw)


def _answered(request: HttpRequest, raw: bytes) -> HttpResponseBase:
    now = timezone.now()
    answer = answers.answer(raw, now) if raw else MALFORMED
    headers = caching.headers(answer, int(now.timestamp()))
    response = HttpResponse(answer.der, content_type=caching.RESPONSE, headers=headers)
    if "ETag" not in headers:
        return response
    return get_conditional_response(request, headers["ETag"], answer.this_update, response) or response


def _authority(name: str) -> Authority:
    known = Authority.objects.order_by("-pk")
    found = known.first() if name == ROOT else known.filter(name=name).first()
    if found is None:
        raise Http404
    return found
