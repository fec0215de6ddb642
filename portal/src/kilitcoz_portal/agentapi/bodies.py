"""Bodies in and out: a size limit before anything is read, the strict messages of kilitcoz_cards, and
refusals.
"""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, RawPostDataException

from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.messages import MAX_MESSAGE, Message, Refusal
from kilitcoz_portal.agentapi.errors import ApiRefusal, BodyTooLarge, MediaTypeRefused, Unauthorised

M = TypeVar("M", bound=Message)


def read(request: HttpRequest, kind: type[M]) -> M:
    """The request's body as a message. Raises BodyTooLarge before reading, MediaTypeRefused,
    MessageMalformed.
    """
    if request.content_type != "application/json":
        raise MediaTypeRefused
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > MAX_MESSAGE:
        raise BodyTooLarge
    try:
        return kind.from_json(request.body)
    except (RawPostDataException, OSError):
        raise MessageMalformed("message") from None


def bearer(request: HttpRequest) -> str:
    """The bearer of the Authorization header (RFC 6750, 2.1). Raises Unauthorised."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value or len(value) > 4096 or not value.isascii():
        raise Unauthorised
    return value.strip()


def answer(message: Message, status: int = 200) -> HttpResponse:
    """A message as JSON that nobody stores."""
    return HttpResponse(
        message.to_json(),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def refusal(error: ApiRefusal) -> HttpResponse:
    """`{"code", "operation_state"?}`."""
    response = answer(Refusal(error.code, error.state), error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response
