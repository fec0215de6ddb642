"""A provider that lies, and a network that does: each lie is refused by the check that is there for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm
from portal.tests.oidc.lying_provider import (
    ACCESS_TOKEN,
    Members,
    Provider,
    answer,
    public_jwk,
    rsa_key,
    sign,
)
from portal.tests.oidc.walking import begin, finish
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.oidc import web
from kilitcoz_portal.signin.oidc.errors import OidcError, OidcNoIdNumber, OidcRefused, OidcUnavailable

pytestmark = pytest.mark.django_db
Lie = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def database() -> str:
    """What is judged here does not depend on it."""
    return "sqlite"


class FromNow(int):
    """Seconds from the moment at which the provider answers: a table is read minutes before its test runs."""


def told_now(claims: Members) -> Members:
    """The claims with their moments."""
    return {
        name: int(time.time()) + value if isinstance(value, FromNow) else value
        for name, value in claims.items()
    }


def refused(provider: Provider, expected: type[OidcError] = OidcRefused, **parameters: str) -> str:
    """Why the whole way came to nothing; the audit trail says the same."""
    with pytest.raises(expected) as refusal:
        finish(provider.authorize(begin(), **parameters))
    detail = AuditEvent.objects.get(event="oidc-refused").detail
    assert detail == {"code": refusal.value.code, "why": refusal.value.why}
    return refusal.value.why


def part(members: Members) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode()


def unsigned(claims: Members) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def by_the_public_key(claims: Members) -> str:
    """HS256 with what everybody knows as its secret (RFC 8725, 2.1)."""
    secret = rsa_key("first").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims)}"
    mac = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def with_its_own_key(claims: Members) -> str:
    """The header brings the key by which it is to be checked."""
    own = {"jwk": json.dumps(public_jwk("kerem")), "jku": "https://kerem.example/keys"}
    return sign(claims, "kerem", kid="first", **own)


def altered(claims: Members) -> str:
    """Signed, then changed."""
    header, _, signature = sign(claims | {"kimlik_no": "20000000046"}).split(".")
    return f"{header}.{part(claims)}.{signature}"


@pytest.mark.parametrize(
    ("make_token", "why"),
    [
        (unsigned, "algorithm"),
        (by_the_public_key, "algorithm"),
        (with_its_own_key, "signature"),
        (altered, "signature"),
        (lambda claims: sign(claims, "kerem", kid="first"), "signature"),
        (lambda claims: sign(claims, "kerem"), "signature"),
        (lambda claims: sign(claims, crit=["exp"]), "malformed"),  # type: ignore[arg-type]  # a list it is
        (lambda _: "not.a.token", "malformed"),
        (lambda _: "", "token-response"),
    ],
    ids=["none", "hs256", "own-key", "altered", "foreign-key", "unknown-kid", "crit", "nonsense", "empty"],
)
def test_a_token_not_signed_by_the_issuer_is_refused(
    ayse: Holder, provider: Provider, make_token: Callable[[Members], str], why: str
) -> None:
    provider.make_token = make_token
    assert refused(provider) == why


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://kerem.example"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"sub": None}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"aud": "another-client"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["kilitçöz portalı", "another-client"]}, "audience"),
        ({"azp": "another-client"}, "authorized-party"),
        ({"exp": FromNow(-61)}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "tomorrow"}, "expired"),
        ({"exp": True}, "expired"),
        ({"iat": FromNow(-3600), "exp": FromNow(3600)}, "issued-at"),
        ({"iat": FromNow(600)}, "issued-at"),
        ({"iat": None}, "issued-at"),
        ({"nbf": FromNow(600)}, "issued-at"),
        ({"nonce": "another-logins"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 7}, "nonce"),
        ({"amr": "pwd"}, "amr"),
        ({"auth_time": FromNow(-3600)}, "auth-time"),
        ({"auth_time": "now"}, "auth-time"),
        ({"at_hash": "xxxxxxxxxxxxxxxxxxxxxx"}, "at-hash"),
    ],
)
def test_a_token_of_another_login_is_refused(
    ayse: Holder, provider: Provider, claims: Members, why: str
) -> None:
    provider.claims = told_now(claims)
    assert refused(provider) == why


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["kilitçöz portalı"], "azp": "kilitçöz portalı"},
        {"exp": FromNow(-30), "iat": FromNow(-300)},  # clocks differ
        {"iat": FromNow(30)},
        {"at_hash": None},
        {"auth_time": FromNow(1)},
        {"amr": ["pwd", "otp"], "acr": "yüksek"},
    ],
)
def test_what_the_standard_leaves_open_is_taken(ayse: Holder, provider: Provider, claims: Members) -> None:
    provider.claims = told_now(claims)
    assert finish(provider.authorize(begin())) == ayse


@pytest.mark.parametrize(
    ("setting", "wanted", "claims", "why"),
    [
        ("ACR", ["yüksek"], {"acr": "düşük"}, "acr"),
        ("ACR", ["yüksek"], {}, "acr"),
        ("AMR", ["pwd", "mfa"], {"amr": ["pwd"]}, "amr"),
        ("AMR", ["mfa"], {}, "amr"),
        ("ACR", ["yüksek", "orta"], {"acr": "orta"}, ""),
        ("AMR", ["mfa"], {"amr": ["pwd", "mfa"]}, ""),
    ],
)
def test_the_strength_that_the_installation_wants_must_be_reached(
    ayse: Holder,
    provider: Provider,
    settings: Settings,
    setting: str,
    wanted: list[str],
    claims: Members,
    why: str,
) -> None:
    setattr(settings, f"KILITCOZ_OIDC_{setting}", wanted)
    provider.claims = told_now(claims)
    if why:
        assert refused(provider) == why
    else:
        assert finish(provider.authorize(begin())) == ayse


def test_keys_that_were_changed_are_asked_for_anew(ayse: Holder, provider: Provider) -> None:
    finish(provider.authorize(begin()))
    provider.keys = [public_jwk("second")]
    provider.make_token = lambda claims: sign(claims, "second")
    assert finish(provider.authorize(begin())) == ayse
    assert provider.asked.count("/keys") == 2


def test_a_key_changed_under_its_old_name_is_found_too(ayse: Holder, provider: Provider) -> None:
    finish(provider.authorize(begin()))
    provider.keys = [public_jwk("second", kid="first")]
    provider.make_token = lambda claims: sign(claims, "second", kid="first")
    assert finish(provider.authorize(begin())) == ayse


def test_a_key_that_was_taken_back_signs_nobody_in(ayse: Holder, provider: Provider) -> None:
    finish(provider.authorize(begin()))
    provider.keys = [public_jwk("second")]
    provider.make_token = lambda claims: sign(claims, "third")
    with pytest.raises(OidcRefused):
        finish(provider.authorize(begin()))


def test_metadata_and_keys_are_asked_for_once_in_ten_minutes(ayse: Holder, provider: Provider) -> None:
    for _ in range(3):
        finish(provider.authorize(begin()))
    assert provider.asked.count("/keys") == 1
    assert provider.asked.count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(
    ("keys", "kid"),
    [
        ([public_jwk("first")], None),
        ([public_jwk("first"), public_jwk("second") | {"use": "enc"}], None),
        ([{"kty": "oct", "k": "c2VjcmV0", "kid": "first"}, public_jwk("first")], "first"),
        ([{"kty": "RSA"}, "nonsense", public_jwk("first")], "first"),
    ],
)
def test_the_right_key_is_found_among_others(
    ayse: Holder, provider: Provider, keys: list[Any], kid: str | None
) -> None:
    provider.keys = keys
    provider.make_token = lambda claims: jwt.encode(
        claims, rsa_key("first"), algorithm="RS256", headers={"kid": kid} if kid else {}
    )
    assert finish(provider.authorize(begin())) == ayse


@pytest.mark.parametrize(
    "keys",
    [
        [public_jwk("first"), public_jwk("second")],  # the token names none of the two
        [public_jwk("first") | {"use": "enc"}],
        [public_jwk("first") | {"alg": "PS256"}],
        [],
    ],
)
def test_a_key_that_is_not_clearly_meant_is_not_used(
    ayse: Holder, provider: Provider, keys: list[Members]
) -> None:
    provider.keys = keys
    provider.make_token = lambda claims: jwt.encode(claims, rsa_key("first"), algorithm="RS256")
    assert refused(provider) == "signature"


@pytest.mark.filterwarnings("ignore:The RSA key is")
def test_a_weak_key_is_not_used(ayse: Holder, provider: Provider) -> None:
    provider.keys = [public_jwk("weak")]
    provider.make_token = lambda claims: sign(claims, "weak")
    assert refused(provider) == "signature"


@pytest.mark.parametrize("algorithm", ["PS256", "RS512", "ES256", "EdDSA"])
def test_other_algorithms_of_the_list_serve(ayse: Holder, provider: Provider, algorithm: str) -> None:
    key: Any = {
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    }.get(algorithm, rsa_key("first"))
    to_jwk: dict[str, Any] = {"ES256": ECAlgorithm.to_jwk, "EdDSA": OKPAlgorithm.to_jwk}
    jwk = (
        json.loads(to_jwk[algorithm](key.public_key())) if algorithm in to_jwk else public_jwk("first")
    ) | {"kid": "other", "alg": algorithm}
    name = "sha512" if algorithm in {"RS512", "EdDSA"} else "sha256"
    digest = hashlib.new(name, ACCESS_TOKEN.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    provider.keys, provider.claims = [jwk], {"at_hash": half}
    provider.make_token = lambda claims: jwt.encode(
        claims, key, algorithm=algorithm, headers={"kid": "other"}
    )
    assert finish(provider.authorize(begin())) == ayse


@pytest.mark.parametrize(
    "claim",
    [
        None,
        10000000146,
        "1000000014",
        "10000000147",
        "TINTR-10000000146",
        "10000000146 ",
        "１００００００１４６",
        ["10000000146"],
        "",
    ],
)
def test_an_id_number_in_another_form_names_nobody(ayse: Holder, provider: Provider, claim: object) -> None:
    provider.claims = {"kimlik_no": claim}
    refused(provider, OidcNoIdNumber)


@pytest.mark.parametrize(
    ("claim", "accepted"),
    [
        ("TINTR-10000000146", True),
        ("PNOTR-10000000146", True),
        ("PNODE-10000000146", False),
        ("10000000146", False),
        ("PASTR-10000000146", False),
        ("tintr-10000000146", False),
    ],
)
def test_the_prefixed_form_is_etsis(
    ayse: Holder, provider: Provider, settings: Settings, claim: str, accepted: bool
) -> None:
    settings.KILITCOZ_OIDC_CLAIM_FORM = "prefixed"
    provider.claims = {"kimlik_no": claim}
    if accepted:
        assert finish(provider.authorize(begin())) == ayse
    else:
        refused(provider, OidcNoIdNumber)


@pytest.mark.parametrize(
    ("user_info", "why"),
    [
        ({"sub": "248289761001", "kimlik_no": "10000000146"}, ""),
        ({"sub": "somebody-else", "kimlik_no": "10000000146"}, "userinfo"),
        ({"kimlik_no": "10000000146"}, "userinfo"),
    ],
)
def test_user_info_is_asked_where_settings_say_so(
    ayse: Holder, provider: Provider, settings: Settings, user_info: Members, why: str
) -> None:
    settings.KILITCOZ_OIDC_USERINFO = True
    provider.claims, provider.user_info = {"kimlik_no": None}, user_info
    if why:
        assert refused(provider) == why
    else:
        assert finish(provider.authorize(begin())) == ayse


def test_user_info_is_not_asked_otherwise(ayse: Holder, provider: Provider) -> None:
    provider.claims = {"kimlik_no": None}
    provider.user_info = {"sub": "248289761001", "kimlik_no": "10000000146"}
    refused(provider, OidcNoIdNumber)
    assert "/userinfo" not in provider.asked


def test_a_code_that_was_used_is_refused_by_the_provider_and_told(ayse: Holder, provider: Provider) -> None:
    answer_of_the_first = provider.authorize(begin())
    finish(answer_of_the_first)
    second = provider.authorize(begin())
    with pytest.raises(OidcRefused) as refusal:
        finish(second | {"code": answer_of_the_first["code"]})
    assert refusal.value.why == "token-endpoint"


def test_a_code_of_another_login_fails_by_its_verifier(ayse: Holder, provider: Provider) -> None:
    kerems = provider.authorize(begin("kerems-browser"))
    ayses = provider.authorize(begin())
    with pytest.raises(OidcRefused):
        finish(ayses | {"code": kerems["code"]})


@pytest.mark.parametrize(
    ("metadata", "parameters", "accepted"),
    [
        ({}, {"iss": "https://kerem.example"}, False),
        ({"authorization_response_iss_parameter_supported": True}, {}, False),
        ({"authorization_response_iss_parameter_supported": True}, {"iss": "right"}, True),
        ({}, {"iss": "right"}, True),
    ],
)
def test_the_sender_of_an_answer_is_the_pinned_issuer(
    ayse: Holder, provider: Provider, metadata: Members, parameters: dict[str, str], accepted: bool
) -> None:
    provider.metadata = metadata
    named = {name: provider.issuer if value == "right" else value for name, value in parameters.items()}
    if accepted:
        assert finish(provider.authorize(begin(), **named)) == ayse
    else:
        assert refused(provider, **named) == "response-issuer"
        assert "/token" not in provider.asked


def test_an_error_from_another_issuer_cancels_nothing(ayse: Holder, provider: Provider) -> None:
    assert refused(provider, error="access_denied", iss="https://kerem.example") == "response-issuer"


def test_the_providers_own_error_is_told_without_its_words(ayse: Holder, provider: Provider) -> None:
    assert refused(provider, error="server_error <b>") == "provider"


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({"issuer": "https://kerem.example"}, "metadata-issuer"),
        ({"issuer": None}, "metadata-issuer"),
        ({"authorization_endpoint": "http://kerem.example/authorize"}, "metadata-endpoint"),
        ({"token_endpoint": "ftp://127.0.0.1/token"}, "metadata-endpoint"),
        ({"jwks_uri": None}, "metadata-endpoint"),
        ({"token_endpoint": "https://[broken"}, "metadata-endpoint"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "metadata-endpoint"),
    ],
)
def test_metadata_of_another_issuer_or_without_tls_are_refused(
    ayse: Holder, provider: Provider, metadata: Members, why: str
) -> None:
    provider.metadata = metadata
    with pytest.raises(OidcRefused) as refusal:
        begin()
    assert refusal.value.why == why


def redirects(request: BaseHTTPRequestHandler) -> None:
    answer(request, 302, {}, Location="http://127.0.0.1:9/elsewhere")


def fails(request: BaseHTTPRequestHandler) -> None:
    answer(request, 503, {})


def too_often(request: BaseHTTPRequestHandler) -> None:
    answer(request, 429, {})


def floods(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        for _ in range(4096):
            request.wfile.write(b" " * 4096)
    except ConnectionError:
        return


def babbles(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    request.wfile.write(b"<html>" + b"[" * 5000)


def lists(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    request.wfile.write(b"[]")


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (redirects, "redirect"),
        (fails, "failing"),
        (too_often, "failing"),
        (floods, "too-much"),
        (babbles, "not-json"),
        (lists, "not-json"),
        (hangs_up, "unreachable"),
    ],
)
def test_what_is_no_answer_is_told_as_a_provider_that_cannot_be_reached(
    ayse: Holder, provider: Provider, path: str, lie: Lie, why: str
) -> None:
    provider.instead[path] = lie
    with pytest.raises(OidcUnavailable) as refusal:
        finish(provider.authorize(begin()))
    assert refusal.value.why == why


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
def test_a_provider_that_drips_bytes_is_left_when_its_seconds_are_over(
    ayse: Holder, provider: Provider, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def drips(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not provider.released.wait(0.05):
            request.wfile.write(b" ")

    monkeypatch.setattr(web, "SECONDS", 0.5)
    provider.instead[path] = drips
    began = time.monotonic()
    with pytest.raises(OidcUnavailable) as refusal:
        finish(provider.authorize(begin()))
    assert refusal.value.why == "slow"
    assert time.monotonic() - began < 10


def test_four_wait_for_a_slow_provider_and_a_fifth_is_told_at_once(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_WAIT_FOR_TURN", 0.01)
    held = [web._AT_ONCE.acquire() for _ in range(4)]
    try:
        with pytest.raises(OidcUnavailable) as refusal:
            begin()
        assert refusal.value.why == "busy"
    finally:
        for _ in held:
            web._AT_ONCE.release()
    assert begin()


@pytest.mark.parametrize(
    "members",
    [
        {"id_token": None},
        {"access_token": None},
        {"token_type": "mac"},
        {"token_type": None},
        {"id_token": 7},
    ],
)
def test_a_token_response_without_its_parts_is_refused(
    ayse: Holder, provider: Provider, members: Members
) -> None:
    provider.token_members = members
    assert refused(provider) == "token-response"


def test_a_wrong_client_secret_is_told(ayse: Holder, provider: Provider, settings: Settings) -> None:
    settings.KILITCOZ_OIDC_CLIENT_ID = "somebody"
    assert refused(provider) == "token-endpoint"
