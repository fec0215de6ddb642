"""The outermost rings: an id and one log line for every request; the language shown first."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kilitcoz_portal.addresses import CLIENT_CERTIFICATES

log = structlog.get_logger("kilitcoz_portal.requests")

QUIET = ("/static/", "/healthz", "/readyz")


class RequestContext:
    """Binds a fresh `request_id`, and the operation that the address names, for all log lines of the request.

    The line itself has the path without its query, and nothing of headers or body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then tell."""
        started = time.perf_counter()
        request_id = secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self._get_response(request)
        response["X-Request-Id"] = request_id
        if not request.path.startswith(QUIET):
            took = round((time.perf_counter() - started) * 1000, 1)
            log.info(
                "request", method=request.method, path=request.path, status=response.status_code, ms=took
            )
        return response

    def process_view(
        self,
        _request: HttpRequest,
        _view: Callable[..., HttpResponse],
        _args: list[Any],
        kwargs: dict[str, Any],
    ) -> None:
        """The address was resolved: it may name an operation."""
        operation_id = kwargs.get("op") or kwargs.get("operation_id")
        if operation_id:
            structlog.contextvars.bind_contextvars(operation_id=str(operation_id)[:22])


def signature_origin(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What comes to KILITCOZ_SIGNATURE_ORIGIN, or by its own listener, finds its addresses and no others; and
    comes without cookies, for no session is known there.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        ours = urlsplit(settings.KILITCOZ_SIGNATURE_ORIGIN).netloc
        by_host = ours and request.META.get("HTTP_HOST", "").lower() == ours
        if by_host or CLIENT_CERTIFICATES in request.META:
            request.urlconf = "kilitcoz_portal.config.signature_urls"
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return middleware


def first_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Where KILITCOZ_LANGUAGE names a language, the browser is not asked; the holder's own choice on the
    page, a cookie, is still heard by LocaleMiddleware.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.KILITCOZ_LANGUAGE:
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        return get_response(request)

    return middleware
