"""Where a call comes from, for limits: the connection's peer, or what our own proxy added last."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """An IP address as text. X-Forwarded-For is believed only behind our own proxy, and only its last
    entry.
    """
    if settings.KILITCOZ_BEHIND_PROXY:
        forwarded: str = request.headers.get("X-Forwarded-For", "")
        if last := forwarded.rpartition(",")[2].strip():
            return last[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
