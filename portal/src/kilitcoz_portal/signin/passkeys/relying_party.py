"""Who we are to an authenticator: a relying party, named by the host of KILITCOZ_ORIGIN (WebAuthn, 5.1.2)."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

_PORTS = {"https": 443, "http": 80}


def is_offered() -> bool:
    """Whether a browser has passkeys for this origin: a domain, by https or on this machine."""
    parts = urlsplit(settings.KILITCOZ_ORIGIN)
    host = parts.hostname or ""
    return not _is_address(host) and (parts.scheme == "https" or _is_localhost(host))


def rp_id() -> str:
    """The RP ID."""
    return urlsplit(settings.KILITCOZ_ORIGIN).hostname or ""


def origin() -> str:
    """Our origin as browsers write it (HTML, 7.1.1): lower case, without the scheme's own port."""
    parts = urlsplit(settings.KILITCOZ_ORIGIN)
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def _is_localhost(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
