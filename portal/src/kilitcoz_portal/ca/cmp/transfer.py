"""One message there, one back, over HTTP (RFC 6712, 3; RFC 9811, 3): POST, application/pkixcmp.

Each has a connection of its own: where an old one is closed by the other side at the very moment of use,
nobody could say whether the message was taken.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from kilitcoz_portal.ca.cmp.reading import MOST_BYTES
from kilitcoz_portal.ca.errors import CaUnavailable

MEDIA_TYPE = "application/pkixcmp"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class NotSent(CaUnavailable):
    """No connection came about: the authority knows nothing of the message."""


@dataclass(frozen=True)
class Address:
    """Where the authority listens. `tls_file`: PEM of whom its TLS certificate comes from; empty: those whom
    this machine trusts.
    """

    url: str
    seconds: float
    tls_file: str = ""


def send(message: bytes, to: Address) -> bytes:
    """The answer's octets, of whatever kind. Raises NotSent where nothing left the house, CaUnavailable
    with the reason where no answer came.
    """
    here = urlsplit(to.url).hostname in LOOPBACK  # a proxy, where the environment names one, is for elsewhere
    until = time.monotonic() + to.seconds
    try:
        with httpx.Client(verify=_trust(to), timeout=to.seconds, trust_env=not here) as client:
            response = client.send(_request(message, to), stream=True)
            try:
                return _message(response, until)
            finally:
                response.close()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
        raise NotSent("unreachable") from None
    except httpx.TimeoutException:
        raise CaUnavailable("timeout") from None
    except httpx.HTTPError:
        raise CaUnavailable("answer-lost") from None


def _trust(to: Address) -> ssl.SSLContext | bool:
    """Whom to believe; nothing is read where there is no TLS."""
    if urlsplit(to.url).scheme != "https":
        return False
    return ssl.create_default_context(cafile=to.tls_file or None)


def _request(message: bytes, to: Address) -> httpx.Request:
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Accept-Encoding": "identity",
        "Cache-Control": "no-cache",
        "Connection": "close",
    }
    return httpx.Request("POST", to.url, headers=headers, content=message)


def _message(response: httpx.Response, until: float) -> bytes:
    """A message may come under a status that is no success, too (RFC 9811, 3.1); anything else is none."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise CaUnavailable(f"status-{response.status_code}")
    return b"".join(_bounded(response.iter_raw(), until))


def _bounded(parts: Iterator[bytes], until: float) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > MOST_BYTES:
            raise CaUnavailable("size")
        if time.monotonic() > until:
            raise CaUnavailable("timeout")
        yield part
