"""The client certificate of a request: from our own TLS listener, or from a header of a proxy of ours.

A header is believed only from KILITCOZ_SIGNATURE_PROXIES. Two forms are read: nginx's
`$ssl_client_escaped_cert` in X-SSL-Client-Cert, and RFC 9440's Client-Cert with Client-Cert-Chain.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest

from kilitcoz_portal.addresses import CLIENT_CERTIFICATES
from kilitcoz_portal.signin.errors import CertificateMisdirected, NoCertificate
from kilitcoz_portal.trust.errors import CertificateMalformed
from kilitcoz_portal.trust.reading import from_file

_NGINX, _RFC_9440, _RFC_9440_CHAIN = "X-SSL-Client-Cert", "Client-Cert", "Client-Cert-Chain"
_BYTE_SEQUENCE = re.compile(r":([A-Za-z0-9+/]*={0,2}):")  # RFC 9651, 3.3.5
_MOST_CHARACTERS = 64 * 1024


@dataclass(frozen=True)
class Shown:
    """A certificate and what came with it, DER; whoever showed it holds its key, says TLS."""

    certificate: bytes
    chain: tuple[bytes, ...] = ()


def shown(request: HttpRequest) -> Shown:
    """What this request shows. Raises NoCertificate, CertificateMisdirected, CertificateMalformed."""
    headers = {name: str(request.headers.get(name, "")) for name in (_NGINX, _RFC_9440, _RFC_9440_CHAIN)}
    if CLIENT_CERTIFICATES in request.META:
        _none_of(headers)
        found = list(request.META[CLIENT_CERTIFICATES])
    elif any(headers.values()):
        _from_our_proxy(request)
        found = _read(headers)
    else:
        found = []
    if not found:
        raise NoCertificate
    return Shown(found[0], tuple(found[1:]))


def _none_of(headers: dict[str, str]) -> None:
    if any(headers.values()):
        raise CertificateMisdirected


def _from_our_proxy(request: HttpRequest) -> None:
    try:
        peer = ip_address(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        raise CertificateMisdirected from None
    if not any(peer in network for network in settings.KILITCOZ_SIGNATURE_PROXIES):
        raise CertificateMisdirected


def _read(headers: dict[str, str]) -> list[bytes]:
    """One of the two forms. Both at once: somebody's header came through a proxy that does not drop it."""
    if bool(headers[_NGINX]) == bool(headers[_RFC_9440]):
        raise CertificateMisdirected
    if sum(map(len, headers.values())) > _MOST_CHARACTERS:
        raise CertificateMalformed("size")
    if headers[_NGINX]:
        _none_of({_RFC_9440_CHAIN: headers[_RFC_9440_CHAIN]})
        return from_file(unquote_to_bytes(headers[_NGINX]))
    chain = [part.strip() for part in headers[_RFC_9440_CHAIN].split(",")] if headers[_RFC_9440_CHAIN] else []
    return [_bytes_of(item) for item in (headers[_RFC_9440].strip(), *chain)]


def _bytes_of(item: str) -> bytes:
    """A structured field's byte sequence (RFC 9440, 2.1), without parameters."""
    found = _BYTE_SEQUENCE.fullmatch(item)
    try:
        return base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        return b""
