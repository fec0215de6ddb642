"""The outermost rings: an id for every request, in the logs and in the answer; the language shown first."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse


def request_context(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Bind a fresh `request_id` for all log lines of this request and send it as X-Request-Id."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = get_response(request)
        response["X-Request-Id"] = request_id
        return response

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
