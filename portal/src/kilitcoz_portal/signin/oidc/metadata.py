"""What the issuer publishes: its endpoints (OpenID Connect Discovery 1.0, 4) and its signing keys (RFC 7517).

Both are kept for ten minutes in this process, as a cache that any process may lose; keys are asked for anew
when a token names one that is not among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from kilitcoz_portal.signin.oidc import web
from kilitcoz_portal.signin.oidc.errors import OidcRefused, OidcUnavailable
from kilitcoz_portal.signin.oidc.provider import Provider, is_loopback

KEPT_FOR = timedelta(minutes=10)
_kept: dict[str, tuple[datetime, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Metadata:
    """Of the issuer's document, what is used. `names_itself`: answers carry `iss` (RFC 9207, 3)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    names_itself: bool


def metadata(provider: Provider, now: datetime) -> Metadata:
    """The issuer's endpoints. Raises OidcUnavailable, and OidcRefused where they are another issuer's."""
    document = _published(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", now)
    if document.get("issuer") != provider.issuer:  # Discovery 1.0, 4.3: exactly
        raise OidcRefused(why="metadata-issuer")
    return Metadata(
        authorization_endpoint=_endpoint(document, "authorization_endpoint", provider),
        token_endpoint=_endpoint(document, "token_endpoint", provider),
        jwks_uri=_endpoint(document, "jwks_uri", provider),
        userinfo_endpoint=_endpoint(document, "userinfo_endpoint", provider) if provider.userinfo else "",
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def signing_keys(jwks_uri: str, now: datetime, *, anew: bool = False) -> list[dict[str, Any]]:
    """The issuer's public keys that may sign, as JWKs; `anew`: whatever was kept. Raises OidcUnavailable."""
    if anew:
        _kept.pop(jwks_uri, None)
    keys = _published(jwks_uri, now).get("keys")
    if not isinstance(keys, list):
        raise OidcUnavailable(why="no-keys")
    return [key for key in keys if isinstance(key, dict) and key.get("use", "sig") == "sig"]


def forget() -> None:
    """Drop what is kept."""
    _kept.clear()


def _published(url: str, now: datetime) -> dict[str, Any]:
    if url in _kept and timedelta(0) <= now - _kept[url][0] < KEPT_FOR:
        return _kept[url][1]
    answer = web.ask(httpx.Request("GET", url))
    if answer.status != 200:
        raise OidcUnavailable(why="failing")
    _kept[url] = now, answer.members
    return answer.members


def _endpoint(document: dict[str, Any], name: str, provider: Provider) -> str:
    """https, or http on this machine where the issuer itself is there."""
    url = document.get(name)
    if not isinstance(url, str):
        raise OidcRefused(why="metadata-endpoint")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise OidcRefused(why="metadata-endpoint") from None
    plain = parts.scheme == "http" and provider.issuer.startswith("http://") and is_loopback(parts.hostname)
    if not parts.hostname or parts.fragment or not (parts.scheme == "https" or plain):
        raise OidcRefused(why="metadata-endpoint")
    return url
