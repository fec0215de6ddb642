"""Getting an OCSP answer or a CRL from an address that stands in a certificate.

The certificate's path was validated before, yet its issuer may have been careless, so the fetch is a narrow
one: http or https, one host, no redirects, no proxy, no address of a private network (against requests that
a stranger would have us make), and bounds on size and on time.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass

import httpx

MOST_SECONDS = 8.0
CONNECT_SECONDS = 3.0
_PORTS = {"http": 80, "https": 443}


class NotFetched(Exception):  # noqa: N818 - never leaves the room; `reason` names what happened
    """Nothing usable came back."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Errand:
    """What to get: by GET, or by POST with a body of this media type. At most `most_bytes` are read."""

    url: str
    most_bytes: int
    body: bytes | None = None
    media_type: str = ""


def fetch(errand: Errand, *, private_addresses: bool) -> bytes:
    """The body of a 200 answer. Raises NotFetched."""
    deadline = time.monotonic() + MOST_SECONDS
    url = _address(errand.url)
    request = _request(errand, url, _resolved(url, private_addresses=private_addresses))
    timeout = httpx.Timeout(MOST_SECONDS, connect=CONNECT_SECONDS)
    try:
        with httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout) as client:
            response = client.send(request, stream=True)
            try:
                return _body(response, errand.most_bytes, deadline)
            finally:
                response.close()
    except httpx.HTTPError as error:
        raise NotFetched(type(error).__name__) from None


def _address(text: str) -> httpx.URL:
    """A web address with a host and nobody's password. Raises NotFetched."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise NotFetched("address") from None
    if url.scheme not in _PORTS or not url.host or url.userinfo or not 0 < _port(url) < 65536:
        raise NotFetched("address")
    return url


def _port(url: httpx.URL) -> int:
    return url.port if url.port is not None else _PORTS[url.scheme]


def _request(errand: Errand, url: httpx.URL, numeric: str) -> httpx.Request:
    """To this number, under the host's own name: in Host, in TLS, and in its certificate."""
    headers = {"Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity"}
    if errand.body is not None:
        headers["Content-Type"] = errand.media_type
    return httpx.Request(
        "GET" if errand.body is None else "POST",
        url.copy_with(host=numeric),
        headers=headers,
        content=errand.body,
        extensions={"sni_hostname": url.host},
    )


def _resolved(url: httpx.URL, *, private_addresses: bool) -> str:
    """The first address of the host that may be asked; connecting to it, and not to the name again, leaves
    no moment in which the name could come to mean another.
    """
    try:
        found = socket.getaddrinfo(url.host, _port(url), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched("name-unknown") from None
    addresses = [str(each[4][0]) for each in found]
    allowed = [each for each in addresses if private_addresses or ipaddress.ip_address(each).is_global]
    if not allowed:
        raise NotFetched("address-private")
    return allowed[0]


def _body(response: httpx.Response, most_bytes: int, deadline: float) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise NotFetched(f"status-{response.status_code}")
    if "content-encoding" in response.headers:
        raise NotFetched("encoding")
    body = bytearray()
    for part in response.iter_raw():
        body += part
        if len(body) > most_bytes:
            raise NotFetched("size")
        if time.monotonic() > deadline:
            raise NotFetched("time")
    return bytes(body)
