"""The token endpoint: who we are (OpenID Connect Core 1.0, 9), and a code turned into tokens."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote_plus, urlencode

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from kilitcoz_portal import keyfiles
from kilitcoz_portal.keyfiles import KeyFileUnsafe
from kilitcoz_portal.signin.oidc import web
from kilitcoz_portal.signin.oidc.errors import OidcRefused, OidcUnavailable
from kilitcoz_portal.signin.oidc.provider import ClientAuthentication, Provider

ASSERTION_LIFE = timedelta(seconds=60)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"  # RFC 7523, 2.2


@dataclass(frozen=True)
class Tokens:
    """What the code was exchanged for."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


def redeem(
    provider: Provider, token_endpoint: str, *, code: str, verifier: str, return_to: str, now: datetime
) -> Tokens:
    """The tokens for an authorization code (RFC 6749, 4.1.3; RFC 7636, 4.5).

    Raises OidcUnavailable, and OidcRefused where the provider refuses or answers in another form.
    """
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_to,
        "code_verifier": verifier,
    }
    headers = _FORM | _identify(provider, token_endpoint, fields, now)
    answer = web.ask(httpx.Request("POST", token_endpoint, headers=headers, content=urlencode(fields)))
    if answer.status != 200:
        raise OidcRefused(why="token-endpoint")
    id_token, access_token = answer.members.get("id_token"), answer.members.get("access_token")
    bearer = str(answer.members.get("token_type", "")).lower() == "bearer"
    if not (isinstance(id_token, str) and isinstance(access_token, str) and bearer):
        raise OidcRefused(why="token-response")
    return Tokens(id_token, access_token)


def _identify(
    provider: Provider, token_endpoint: str, fields: dict[str, str], now: datetime
) -> dict[str, str]:
    """Add our proof to the form's fields, or return it as a header."""
    try:
        secret = keyfiles.load(provider.secret_file)
    except (OSError, KeyFileUnsafe):
        raise OidcUnavailable(why="no-secret") from None
    if provider.client_authentication is ClientAuthentication.CLIENT_SECRET_BASIC:
        return {"Authorization": f"Basic {_basic(provider.client_id, secret.decode().strip())}"}
    fields["client_id"] = provider.client_id
    if provider.client_authentication is ClientAuthentication.CLIENT_SECRET_POST:
        fields["client_secret"] = secret.decode().strip()
    else:
        fields["client_assertion_type"] = _ASSERTION
        fields["client_assertion"] = _assertion(provider.client_id, token_endpoint, secret, now)
    return {}


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749, 2.3.1: both parts form-encoded before they are joined."""
    return base64.b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()


def _assertion(client_id: str, token_endpoint: str, pem: bytes, now: datetime) -> str:
    """RFC 7523, 3: signed by the key that the provider knows of us; good for a minute, and once."""
    key = load_pem_private_key(pem, password=None)
    issued = int(now.timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": token_endpoint,
        "jti": secrets.token_urlsafe(16),
        "iat": issued,
        "exp": issued + int(ASSERTION_LIFE.total_seconds()),
    }
    if isinstance(key, rsa.RSAPrivateKey):
        return jwt.encode(claims, key, algorithm="RS256")
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return jwt.encode(claims, key, algorithm="ES256")
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return jwt.encode(claims, key, algorithm="EdDSA")
    raise OidcUnavailable(why="no-secret")
