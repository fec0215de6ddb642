"""What every page has: headings, breadcrumb, language, headers; and figures 1, 2 and the honest notices."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from portal.tests.pages.walking import Walker
from pytest_django import Settings

from kilitcoz_portal.pages.views import front

pytestmark = pytest.mark.django_db

HEADING = "Bireysel Nitelikli Elektronik Sertifika İşlemleri"
OPEN_TO_ALL = [
    "/",
    "/giris",
    "/giris/sifreli",
    "/giris/e-imza",
    "/giris/kart",
    "/giris/sifreli/sozcugumu-unuttum",
    "/e-onay",
    "/outbox",
    "/there-is-no-such-page",
]
SIGNED_IN = [
    "/islemler",
    "/islemler/sertifikalar",
    "/islemler/pin-puk",
    "/islemler/kullanima-ac",
    "/islemler/iptal",
    "/islemler/bilgilerim",
    "/islemler/kilit-cozme",
    "/islemler/oturumlarim",
    "/islemler/son-islemlerim",
]


@pytest.fixture
def visitor() -> Client:
    """Anybody, in Turkish."""
    return Client(headers={"accept-language": "tr"})


@pytest.mark.parametrize("path", OPEN_TO_ALL + SIGNED_IN)
def test_every_page_has_the_heading_and_the_breadcrumb(walker: Walker, path: str) -> None:
    if path in SIGNED_IN:
        walker.sign_in()
    page = walker.get(path).content.decode()
    assert page.count("<h1>") == 1
    assert f"<h1>{HEADING}</h1>" in page
    assert page.count("<h2>") == 1
    breadcrumb = re.findall(r'<nav class="breadcrumb".*?</nav>', page, re.DOTALL)[0]
    assert HEADING in breadcrumb
    assert 'aria-current="page"' in breadcrumb


@pytest.mark.parametrize("path", SIGNED_IN)
def test_the_services_need_a_sign_in(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 302
    assert response["Location"] == "/giris?durum=oturum-kapandi"


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_every_answer_carries_the_strict_headers(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_no_page_has_inline_code_or_foreign_addresses(visitor: Client, path: str) -> None:
    page = visitor.get(path).content.decode()
    assert not re.findall(r"<script(?![^>]* src=)", page)
    assert not re.findall(r"\son\w+=|\sstyle=|javascript:", page)
    assert not re.findall(r"(?:src|href|action)=\"(?:https?:)?//", page)


def test_figure_1_leads_to_the_certificate_services_and_announces_e_onay(visitor: Client) -> None:
    page = visitor.get("/").content.decode()
    assert "Online İşlemler" in page
    assert re.search(r'href="/giris">\s*Nitelikli Elektronik Sertifika İşlemleri', page)
    assert "Duyuru: E-Onay" in page


def test_figure_2_has_three_ways_and_says_which_one_opens_a_certificate(visitor: Client) -> None:
    page = visitor.get("/giris").content.decode()
    for way in ("Şifreli Giriş", "E-imzalı Giriş", "E-imzalı Giriş (Akıllı Kart Servisi)"):
        assert f">{way}</a>" in page
    assert "kullanıma açmak için yalnız “Şifreli Giriş” geçerlidir" in page


@pytest.mark.parametrize("path", ["/giris/e-imza"])
def test_what_is_not_offered_yet_says_so_and_what_to_do(visitor: Client, path: str) -> None:
    page = visitor.get(path).content.decode()
    assert "Bu giriş yolu henüz sunulmuyor" in page
    assert "0850 000 00 00" in page
    assert 'href="/giris/sifreli"' in page


def test_turkish_is_first_and_a_browsers_own_language_counts() -> None:
    assert '<html lang="tr">' in Client().get("/").content.decode()
    assert '<html lang="tr">' in Client(headers={"accept-language": "de"}).get("/").content.decode()
    assert '<html lang="en">' in Client(headers={"accept-language": "en-GB"}).get("/").content.decode()


def test_the_language_switch_stays_on_the_page_and_outlives_the_sign_in(walker: Walker) -> None:
    response = walker.post("/dil", language="en", next="/giris")
    assert response["Location"] == "/giris"
    walker.sign_in()
    assert "Services Menu" in walker.get("/islemler").content.decode()


def test_the_language_switch_leads_nowhere_else(visitor: Client) -> None:
    assert visitor.post("/dil", {"language": "en", "next": "https://kerem.example/"})["Location"] == "/"


def test_name_call_centre_and_colours_are_the_installations(visitor: Client, settings: Settings) -> None:
    settings.KILITCOZ_ORGANISATION = "Deneme Kurumu"
    settings.KILITCOZ_CALL_CENTRE = "0850 111 11 11"
    settings.KILITCOZ_BRAND_COLOUR = "#123456"
    page = visitor.get("/").content.decode()
    assert "Deneme Kurumu" in page
    assert "0850 111 11 11" in page
    assert "--brand: #123456;" in visitor.get("/renkler.css").content.decode()


def test_the_outbox_is_the_demos_alone(visitor: Client, settings: Settings) -> None:
    assert visitor.get("/outbox?format=json").json() == []
    settings.KILITCOZ_DEMO = False
    assert visitor.get("/outbox").status_code == 404
    assert visitor.get("/outbox?format=json").status_code == 404


def test_a_fault_of_ours_is_told_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "render", lambda *_: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "Hizmet şu anda yanıt vermiyor" in response.content.decode()
    assert "Something went wrong on our side" in response.content.decode()


def test_a_passer_by_gets_no_session(visitor: Client) -> None:
    for path in ("/", "/giris", "/e-onay", "/giris/kontrol/x/resim.png", "/donus/x", "/operations/x/state"):
        visitor.get(path)
    assert "kilitcoz" not in visitor.cookies


@pytest.mark.parametrize("path", ["/dil", "/cikis", "/giris/kontrol"])
def test_what_changes_something_is_not_done_by_get(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code in {302, 405}
