"""Web origins (RFC 6454): read strictly, compared as text. http is for this very machine only."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from kilitcoz_agent.errors import TrustRefused

DEFAULT_PORTS = {"https": 443, "http": 80}


def normal_origin(text: str) -> str:
    """`scheme://host[:port]`, lower-case, without a default port or anything after it.

    Raises TrustRefused: origin-invalid, or origin-not-https for http beyond the loopback addresses.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise TrustRefused("origin-invalid") from None
    if (
        parts.scheme not in DEFAULT_PORTS
        or not host
        or parts.username is not None
        or parts.password is not None
    ):
        raise TrustRefused("origin-invalid")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise TrustRefused("origin-invalid")
    if parts.scheme == "http" and not is_loopback(host):
        raise TrustRefused("origin-not-https")
    shown = f"[{host}]" if ":" in host else host
    suffix = "" if port is None or port == DEFAULT_PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{shown}{suffix}"


def origin_of(url: str) -> str | None:
    """The origin a URL belongs to, or None where it has none we would accept."""
    try:
        parts = urlsplit(url)
        return normal_origin(f"{parts.scheme}://{parts.netloc}")
    except (ValueError, TrustRefused):
        return None


def is_loopback(host: str) -> bool:
    """Whether a URL's host is this machine: `localhost` or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(origin: str) -> str:
    """The bare host of an origin from `normal_origin`."""
    return urlsplit(origin).hostname or ""
