"""Where a call comes from, for limits: the connection's peer, or what our own proxy added last.

Imports no room, and every room above may use it.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# WSGI environ of our own TLS listener: what the client showed, DER, its own certificate first. No header has
# a name of this form, so nobody else can set it.
CLIENT_CERTIFICATES = "kilitcoz.client_certificates"
NOWHERE = "unknown"
_IPV6_SUBSCRIBER = 64  # RFC 6177: a subscriber has at least a /64, and can speak from any address in it


def client_address(request: HttpRequest) -> str:
    """An IP address as text. X-Forwarded-For is believed only behind our own proxy, and only its last
    entry.
    """
    if settings.KILITCOZ_BEHIND_PROXY:
        forwarded: str = request.headers.get("X-Forwarded-For", "")
        if last := forwarded.rpartition(",")[2].strip():
            return last[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def network_of(address: str) -> str:
    """What one subscriber speaks from: an IPv4 address, or the /64 of an IPv6 address; what is neither is
    one network of its own.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return NOWHERE
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_SUBSCRIBER), strict=False))
