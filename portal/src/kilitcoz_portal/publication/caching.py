"""What the head of an OCSP answer says about its keeping (RFC 5019, 6.2), for all who serve it."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.utils.http import http_date

from kilitcoz_portal.ca.answers import Answer

REQUEST, RESPONSE = "application/ocsp-request", "application/ocsp-response"
# A change shows within so many seconds wherever answers are kept; RFC 5019, 6.2 would allow until nextUpdate.
KEPT_SECONDS = 10


def etag(answer: Answer) -> str:
    """The hash of the answer, as RFC 5019, 6.2 has it."""
    return f'"{hashlib.sha1(answer.der, usedforsecurity=False).hexdigest()}"'


def headers(answer: Answer, now: int) -> dict[str, str]:
    """Beside Content-Type and Content-Length; `now` in Unix seconds."""
    if answer.this_update is None or answer.next_update is None:
        return {"Cache-Control": "no-store", "Date": date(now)}
    return {
        "Cache-Control": f"public, max-age={KEPT_SECONDS}, must-revalidate",
        "Last-Modified": date(answer.this_update),
        "Expires": date(answer.next_update),
        "Date": date(now),
        "ETag": etag(answer),
    }


@lru_cache(maxsize=4096)
def date(seconds: int) -> str:
    """Unix seconds as HTTP writes them."""
    return http_date(seconds)
