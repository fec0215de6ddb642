"""The fourth way in over HTTP: shown where it is configured, and what each end of it says."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from demo.ports import free_port
from django.test import Client
from portal.tests.oidc import mock_provider
from portal.tests.oidc.lying_provider import to_url
from portal.tests.pages.walking import Walker
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.signin.oidc import metadata

pytestmark = pytest.mark.django_db
BEGIN = "/giris/kimlik-saglayici"
BACK = "/giris/kimlik-saglayici/donus"
AYSE = {"sub": "ayse", "kimlik_no": "10000000146"}
STRANGER = {"sub": "kerem", "kimlik_no": "20000000046"}
NAMELESS = {"sub": "nobody"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Somebody else's provider, which knows three people."""
    with mock_provider.running(AYSE, STRANGER, NAMELESS) as running:
        yield running


@pytest.fixture(autouse=True)
def registered(settings: Settings, tmp_path: Path, issuer: str) -> None:
    """The portal is a client there."""
    secret = tmp_path / "secret"
    secret.write_text("gizli")
    secret.chmod(0o600)
    metadata.forget()
    settings.KILITCOZ_OIDC_ISSUER = issuer
    settings.KILITCOZ_OIDC_CLIENT_ID = "kilitcoz"
    settings.KILITCOZ_OIDC_SECRET_FILE = str(secret)
    settings.KILITCOZ_OIDC_CLAIM = "kimlik_no"
    settings.KILITCOZ_OIDC_LABEL_TR = "Örnek Kapısı ile Giriş"
    settings.KILITCOZ_OIDC_LABEL_EN = "Login by Sample Gate"


def leave(walker: Walker) -> str:
    """The address at the provider that the page sends the browser to."""
    page = walker.post(BEGIN)
    assert page.status_code == 200
    seconds, _, address = page["Refresh"].partition("; url=")
    assert seconds == "0"
    assert f'href="{address.replace("&", "&amp;")}"' in page.content.decode()  # for who must press
    return str(address)


def log_in_there(address: str, subject: str) -> str:
    """The provider's form, filled in: the address of the portal to which it sends the browser back."""
    answer = httpx.post(address, data={"sub": subject}, trust_env=False)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["location"])
    return to_url(back.path, dict(parse_qsl(back.query)))


def test_the_way_is_shown_below_the_manuals_three(walker: Walker) -> None:
    page = walker.get("/giris").content.decode()
    buttons = [
        "Şifreli Giriş",
        "E-imzalı Giriş",
        "E-imzalı Giriş (Akıllı Kart Servisi)",
        "Örnek Kapısı ile Giriş",
    ]
    places = [page.index(f">{each}</") for each in buttons]
    assert places == sorted(places)
    assert "Sertifikanızı kullanıma açmak için yalnız “Şifreli Giriş” geçerlidir" in page


def test_it_has_a_name_in_english_too(walker: Walker) -> None:
    page = walker.get("/giris", headers={"accept-language": "en"}).content.decode()
    assert "Login by Sample Gate" in page


def test_without_an_issuer_there_is_no_such_way(walker: Walker, settings: Settings) -> None:
    settings.KILITCOZ_OIDC_ISSUER = ""
    assert "kimlik-saglayici" not in walker.get("/giris").content.decode()
    assert walker.post(BEGIN).status_code == 404
    assert walker.get(BACK).status_code == 404


def test_it_leads_to_the_menu_by_its_own_name(walker: Walker) -> None:
    back = log_in_there(leave(walker), "ayse")
    assert walker.get(back)["Location"] == "/islemler"
    assert "Sayın <strong>Ayşe Yılmaz</strong>" in walker.get("/islemler").content.decode()
    assert AuditEvent.objects.get(event="signed-in").detail["by"] == "oidc"


def test_signing_in_renews_the_session(walker: Walker) -> None:
    back = log_in_there(leave(walker), "ayse")
    before = walker.client.session.session_key
    walker.get(back)
    assert walker.client.session.session_key != before


def test_a18b_the_answer_of_a_thiefs_login_signs_nobody_in(walker: Walker) -> None:
    kerem = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    back = log_in_there(leave(kerem), "ayse")
    refused = walker.get(back)
    assert refused.status_code == 403
    assert "Bu giriş bu tarayıcıda başlamadı" in refused.content.decode()
    assert walker.get("/islemler").status_code == 302


def test_only_our_own_page_begins(walker: Walker) -> None:
    foreign = Client(enforce_csrf_checks=True)
    assert foreign.post(BEGIN).status_code == 403
    assert foreign.get(BEGIN).status_code == 405


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [("kerem", "Adınıza kayıt bulunamadı"), ("nobody", "Kimlik numaranız bildirilmedi")],
)
def test_a_refusal_says_why_and_offers_the_word(walker: Walker, subject: str, sentence: str) -> None:
    refused = walker.get(log_in_there(leave(walker), subject))
    page = refused.content.decode()
    assert refused.status_code == 403
    assert sentence in page
    assert 'href="/giris/sifreli"' in page
    assert walker.get("/islemler").status_code == 302


def test_a_provider_that_is_down_is_told_and_the_other_ways_stay(walker: Walker, settings: Settings) -> None:
    with contextlib.ExitStack() as held:
        settings.KILITCOZ_OIDC_ISSUER = f"http://localhost:{free_port(held)}"  # nobody listens
        refused = walker.post(BEGIN)
    assert "Kimlik sağlayıcıya ulaşılamıyor" in refused.content.decode()
    assert walker.get("/giris/sifreli").status_code == 200


def test_the_code_stays_in_no_log(walker: Walker, caplog: pytest.LogCaptureFixture) -> None:
    back = log_in_there(leave(walker), "ayse")
    walker.get(back)
    code, state = (dict(parse_qsl(urlsplit(back).query))[name] for name in ("code", "state"))
    assert code not in caplog.text
    assert state not in caplog.text
