"""The way to the provider and back, against a strict provider on a real port."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connections
from django.utils import timezone
from portal.tests.marks import ON_BOTH
from portal.tests.oidc.lying_provider import CLIENT, Provider, rsa_key
from portal.tests.oidc.walking import BACK, begin, finish
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import OidcAttempt
from kilitcoz_portal.signin.oidc.errors import (
    OidcCancelled,
    OidcError,
    OidcNotBegun,
    OidcNotEnrolled,
    OidcUnavailable,
)

pytestmark = ON_BOTH


def test_the_holder_named_by_the_provider_comes_back(ayse: Holder, provider: Provider) -> None:
    assert finish(provider.authorize(begin())) == ayse


def test_what_is_asked_for(ayse: Holder, provider: Provider, settings: Settings) -> None:
    settings.KILITCOZ_OIDC_SCOPES = ["openid", "kimlik"]
    settings.KILITCOZ_OIDC_ACR = ["yüksek", "orta"]
    address = urlsplit(begin())
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/authorize"
    assert {name: asked[name] for name in asked if name not in {"state", "nonce", "code_challenge"}} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid kimlik",
        "code_challenge_method": "S256",
        "prompt": "login",
        "ui_locales": "tr",
        "acr_values": "yüksek orta",
    }
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


def test_the_database_holds_only_a_hash_of_the_state(ayse: Holder, provider: Provider) -> None:
    answer = provider.authorize(begin())
    finish(answer)
    row = OidcAttempt.objects.values().get()
    assert answer["state"] not in str(row)
    assert answer["code"] not in str(row)
    assert not AuditEvent.objects.filter(detail__icontains=answer["state"]).exists()


def test_a18b_an_answer_in_another_browser_names_nobody(ayse: Holder, provider: Provider) -> None:
    kerems = provider.authorize(begin("kerems-browser"))
    with pytest.raises(OidcNotBegun):
        finish(kerems)
    assert "/token" not in provider.asked
    assert finish(kerems, "kerems-browser") == ayse  # Ayşe's browser has not used it up


def test_a18b_a_browser_without_a_session_is_another_one(ayse: Holder, provider: Provider) -> None:
    with pytest.raises(OidcNotBegun):
        finish(provider.authorize(begin()), "")


@pytest.mark.parametrize("state", ["", "x" * 43])
def test_a_state_that_nobody_made_is_refused(ayse: Holder, provider: Provider, state: str) -> None:
    answer = provider.authorize(begin())
    with pytest.raises(OidcNotBegun):
        finish(answer | {"state": state})


def test_an_answer_serves_once(ayse: Holder, provider: Provider) -> None:
    answer = provider.authorize(begin())
    finish(answer)
    with pytest.raises(OidcNotBegun):
        finish(answer)


def test_an_answer_sent_in_parallel_serves_once(ayse: Holder, provider: Provider) -> None:
    answer = provider.authorize(begin())

    def bring(_: int) -> bool:
        try:
            finish(answer)
        except OidcError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(bring, range(8))) == 1


@pytest.mark.parametrize(("minutes", "accepted"), [(9.9, True), (10, False)])
def test_ten_minutes_are_the_way_there_and_back(
    ayse: Holder, provider: Provider, minutes: float, accepted: bool
) -> None:
    provider.claims = {"iat": int(timezone.now().timestamp()), "exp": int(timezone.now().timestamp()) + 900}
    answer = provider.authorize(begin())
    if accepted:
        assert finish(answer, minutes=minutes) == ayse
    else:
        with pytest.raises(OidcNotBegun):
            finish(answer, minutes=minutes)


def test_who_is_not_enrolled_is_told_so(provider: Provider, database: str, transactional_db: None) -> None:
    with pytest.raises(OidcNotEnrolled):
        finish(provider.authorize(begin()))
    assert AuditEvent.objects.get().detail == {"code": "oidc-not-enrolled", "why": ""}


def test_a_passport_that_looks_like_the_number_is_not_it(ayse: Holder, provider: Provider) -> None:
    Holder.objects.update(id_kind=Holder.IdKind.PASSPORT)
    with pytest.raises(OidcNotEnrolled):
        finish(provider.authorize(begin()))


def test_who_turns_back_at_the_provider_is_not_signed_in(ayse: Holder, provider: Provider) -> None:
    with pytest.raises(OidcCancelled):
        finish(provider.authorize(begin(), error="access_denied"))
    assert "/token" not in provider.asked


def test_the_secret_goes_in_the_form_where_that_is_agreed(
    ayse: Holder, provider: Provider, settings: Settings
) -> None:
    settings.KILITCOZ_OIDC_CLIENT_AUTH = "client_secret_post"
    provider.by_post = True
    assert finish(provider.authorize(begin())) == ayse


@pytest.mark.parametrize(
    "key",
    [rsa_key("client"), ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()],
    ids=["rsa", "p-256", "ed25519"],
)
def test_a_key_of_ours_proves_who_we_are(
    ayse: Holder, provider: Provider, settings: Settings, secret_file: Path, key: rsa_key
) -> None:
    secret_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.KILITCOZ_OIDC_CLIENT_AUTH = "private_key_jwt"
    provider.client_key = key.public_key()
    assert finish(provider.authorize(begin())) == ayse


def test_a_secret_that_others_may_read_is_not_used(
    ayse: Holder, provider: Provider, secret_file: Path
) -> None:
    secret_file.chmod(0o644)
    with pytest.raises(OidcUnavailable) as refusal:
        finish(provider.authorize(begin()))
    assert refusal.value.why == "no-secret"
    assert "/token" not in provider.asked
