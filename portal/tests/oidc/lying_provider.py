"""An OpenID provider of our own on a real port: honest as it stands, and every answer can be made a lie.

It checks what a strict provider checks (client authentication, PKCE, redirect address, a code used once), so
that the portal's side is proved as well.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT = "kilitçöz portalı"
SECRET = "gizli: %+&/ söz"
ACCESS_TOKEN = "access-token-of-ayse"
Members = dict[str, Any]


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """A key of this name, the same one for the same name; "weak" is what it says."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024 if name == "weak" else 2048)


def public_jwk(name: str, *, kid: str = "") -> Members:
    """What stands in the key set for it."""
    jwk: Members = json.loads(RSAAlgorithm.to_jwk(rsa_key(name).public_key()))
    return jwk | {"kid": kid or name, "use": "sig", "alg": "RS256"}


def half_hash(text: str) -> str:
    """`at_hash` for RS256."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def sign(claims: Members, key: str = "first", **header: str) -> str:
    """An ID token by the key of this name."""
    return jwt.encode(claims, rsa_key(key), algorithm="RS256", headers={"kid": key} | header)


@dataclass
class Provider:
    """What it answers, and what it has seen. Tests change the first and look at the second."""

    port: int = 0
    claims: Members = field(default_factory=dict)  # over the honest ones; None drops a claim
    metadata: Members = field(default_factory=dict)  # likewise
    keys: list[Members] = field(default_factory=lambda: [public_jwk("first")])
    make_token: Callable[[Members], str] = sign
    token_members: Members = field(default_factory=dict)
    user_info: Members = field(default_factory=dict)
    instead: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    authorizations: dict[str, Members] = field(default_factory=dict)
    client_key: Any = None  # with it, private_key_jwt is what it wants
    by_post: bool = False
    released: Event = field(default_factory=Event)

    @property
    def issuer(self) -> str:
        """As it calls itself."""
        return f"http://127.0.0.1:{self.port}"

    def authorize(self, url: str, **answer: str) -> Members:
        """What a holder's browser brings back after logging in there: the query's parameters."""
        wanted = dict(parse_qsl(urlsplit(url).query))
        code = hashlib.sha256(url.encode()).hexdigest()
        self.authorizations[code] = wanted
        return {"code": code, "state": wanted["state"]} | answer

    def document(self) -> Members:
        """The discovery document."""
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }
        return {name: value for name, value in (honest | self.metadata).items() if value is not None}

    def id_token(self, wanted: Members) -> str:
        """For the request that this code was given to."""
        moment = int(time.time())
        honest = {
            "iss": self.issuer,
            "sub": "248289761001",
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": wanted["nonce"],
            "at_hash": half_hash(ACCESS_TOKEN),
            "kimlik_no": "10000000146",
        }
        claims = {name: value for name, value in (honest | self.claims).items() if value is not None}
        return self.make_token(claims)

    def redeem(self, headers: Any, form: dict[str, str]) -> tuple[int, Members]:
        """The token endpoint: a code serves once, and only for who can prove everything."""
        if not self._is_our_client(headers, form):
            return 401, {"error": "invalid_client"}
        wanted = self.authorizations.pop(form.get("code", ""), None)
        if wanted is None or not _proves(form, wanted):
            return 400, {"error": "invalid_grant"}
        members = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": self.id_token(wanted)}
        return 200, {name: value for name, value in (members | self.token_members).items() if value}

    def _is_our_client(self, headers: Any, form: dict[str, str]) -> bool:
        if self.client_key is not None:
            assertion = form.get("client_assertion", "")
            claims = jwt.decode(
                assertion,
                self.client_key,
                algorithms=["RS256", "ES256", "EdDSA"],
                audience=f"{self.issuer}/token",
            )
            return bool(claims["iss"] == claims["sub"] == form.get("client_id") == CLIENT)
        if self.by_post:
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        basic = base64.b64decode(headers.get("Authorization", "").removeprefix("Basic ")).decode()
        return [unquote_plus(part) for part in basic.split(":")] == [CLIENT, SECRET]


def _proves(form: dict[str, str], wanted: Members) -> bool:
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (
        wanted["code_challenge_method"] == "S256"
        and challenge == wanted["code_challenge"]
        and form.get("redirect_uri") == wanted["redirect_uri"]
        and form.get("grant_type") == "authorization_code"
    )


@contextmanager
def running() -> Iterator[Provider]:
    """It answers on a free port of this machine until the end."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self._lied():
                pages = {
                    "/.well-known/openid-configuration": provider.document(),
                    "/keys": {"keys": provider.keys},
                    "/userinfo": provider.user_info,
                }
                answer(self, 200, pages.get(self.path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if not self._lied():
                answer(self, *provider.redeem(self.headers, {k: v[0] for k, v in parse_qs(body).items()}))

        def _lied(self) -> bool:
            provider.asked.append(self.path)
            lie = provider.instead.get(self.path)
            if lie is not None:
                lie(self)
            return lie is not None

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.port = server.server_port
        serving = Thread(target=server.serve_forever, args=[0.02], daemon=True)
        serving.start()
        yield provider
        provider.released.set()
        server.shutdown()


def answer(request: BaseHTTPRequestHandler, status: int, members: Members, **headers: str) -> None:
    """JSON, as a provider sends it."""
    body = json.dumps(members).encode()
    request.send_response(status)
    for name, value in (
        {"Content-Type": "application/json", "Content-Length": str(len(body))} | headers
    ).items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def to_url(path: str, parameters: Members) -> str:
    """An address of the portal with these parameters."""
    return f"{path}?{urlencode(parameters)}"
