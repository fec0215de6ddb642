"""E-Onay on the pages: read, sign, download, withdraw; and what is told where it cannot be given."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import jwt
import pytest
from django.test import Client
from django.utils import timezone
from portal.tests.approval.consenting import Signatory, awaiting, give
from portal.tests.documents.paper import text_of
from portal.tests.people import ayse
from portal.tests.sign_service import SignService
from pytest_django import Settings

from kilitcoz_portal.approval import queries
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.session_store import SessionStore
from kilitcoz_portal.signin.sessions import Way

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("server"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


def browser_of(holder: Holder, way: Way = Way.CARD, language: str = "tr") -> Client:
    """This holder's browser, signed in a moment ago."""
    session = SessionStore()
    sessions.sign_in(session, holder, timezone.now(), by=way)
    session.save()
    client = Client(headers={"accept-language": language})
    client.cookies["kilitcoz"] = str(session.session_key)
    return client


def page(client: Client, path: str) -> str:
    """What the page says."""
    return unescape(client.get(path, follow=True).content.decode())


def begun(client: Client, who: Signatory) -> tuple[str, str]:
    """From the text to the page of the card service: its address and content."""
    response = client.post("/islemler/e-onay/imzala", {"card": who.card.pk})
    assert response.status_code == 302, response.content.decode()
    return response["Location"], page(client, response["Location"])


def service_of(content: str, who: Signatory, now: datetime) -> SignService:
    """The card service behind the page's link."""
    found = re.search(r"#cap=([\w.-]+)", content)
    assert found is not None
    return SignService(found[1], who.hand, now)


def test_a_holder_reads_signs_downloads_and_withdraws(ayses: Signatory, now: datetime) -> None:
    client = browser_of(ayses.holder)
    content = page(client, "/islemler/e-onay")
    assert "Neye onay veriyorsunuz?" in content
    assert "Kartımla imzala" in content
    address, content = begun(client, ayses)
    service = service_of(content, ayses, now)
    document = service.claim().document
    assert document is not None
    groups = re.findall(r"<span>([0-9a-f]{4})</span>", content)
    assert "".join(groups) == document.document_hash.hex()
    answer = service.present(service.signature())
    client.post(f"/donus/{service.capability.op}", {"completion": answer.completion})
    done = page(client, address)
    assert "E-Onay verdiniz" in done
    link = re.search(r'href="(/islemler/e-onay/[\w-]+/belge.pdf)"', done)
    assert link is not None
    pdf = client.get(link[1])
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert "Ayşe Yılmaz" in text_of(pdf.content)
    assert AuditEvent.objects.filter(event="consent-read").count() == 1
    taken_back = link[1].replace("belge.pdf", "geri-al")
    assert "yeniden imza istenir" in page(client, taken_back)
    assert "E-Onayınızı geri aldık" in unescape(client.post(taken_back, follow=True).content.decode())
    assert not queries.consent_given(ayses.holder)
    assert "Önceki E-Onaylarınız" in page(client, "/islemler/e-onay")


def test_the_capability_names_the_card_and_the_kind(ayses: Signatory, now: datetime) -> None:
    _, content = begun(browser_of(ayses.holder), ayses)
    claims = jwt.decode(service_of(content, ayses, now).capability_text, options={"verify_signature": False})
    assert (claims["kind"], claims["card_label"]) == ("sign", "…4821")


def test_the_unsigned_text_is_a_pdf_too(ayses: Signatory) -> None:
    pdf = browser_of(ayses.holder).get("/islemler/e-onay/metin.pdf")
    assert "Neye onay veriyorsunuz?" in text_of(pdf.content)


def test_who_is_not_signed_in_reads_what_it_is_and_where_to_go(server: object, database: str) -> None:
    content = page(Client(headers={"accept-language": "tr"}), "/e-onay")
    assert "Neye onay veriyorsunuz?" in content
    assert "Giriş ekranına git" in content
    assert "What do you consent to?" in page(Client(headers={"accept-language": "en"}), "/e-onay")


def test_where_it_is_not_offered_the_page_says_so(database: str, settings: Settings) -> None:
    settings.KILITCOZ_TSA_URL = ""
    assert "E-Onay şimdilik verilemiyor" in page(Client(headers={"accept-language": "tr"}), "/e-onay")


def test_a_withdrawal_asks_for_a_fresh_proof(ayses: Signatory, now: datetime) -> None:
    signing, _ = give(ayses, now)
    client = browser_of(ayses.holder, Way.WORD_AND_SMS)
    response = client.post(f"/islemler/e-onay/{signing.consent_id}/geri-al")
    assert response["Location"].startswith("/dogrulama")
    assert queries.consent_given(ayses.holder)


def test_a_suspended_certificate_is_told_with_what_to_do(ayses: Signatory, now: datetime) -> None:
    certificates.suspend([ayses.certificate], HOLDER, Reason.LOST, now)
    client = browser_of(ayses.holder)
    content = page(client, "/islemler/e-onay")
    assert "İmza sertifikanız askıda" in content
    assert "Kartımla imzala" not in content
    assert client.post("/islemler/e-onay/imzala", {"card": ayses.card.pk})["Location"] == "/islemler/e-onay"


def test_a_certificate_that_awaits_its_opening_is_told_with_the_way_there(
    founded: None, database: str, now: datetime
) -> None:
    who = awaiting(ayse(), now)
    assert "Kullanıma Aç" in page(browser_of(who.holder), "/islemler/e-onay")
    assert "henüz kullanıma açılmamış" in page(browser_of(who.holder), "/islemler/e-onay")


def test_a_signature_that_the_card_service_refused_is_told_in_its_own_words(
    ayses: Signatory, now: datetime
) -> None:
    client = browser_of(ayses.holder)
    address, content = begun(client, ayses)
    service = service_of(content, ayses, now)
    service.claim()
    service.post("abort", b'{"code":"sign-attributes-refused"}', service.session)
    told = page(client, address)
    assert "İmzalama güvenlik nedeniyle durduruldu" in told
    assert "PIN değiştirilemedi" not in told


def test_what_is_kept_of_it_is_in_the_holder_s_data(ayses: Signatory, now: datetime) -> None:
    signing, _ = give(ayses, now)
    client = browser_of(ayses.holder)
    kept = client.get("/islemler/bilgilerim/verilerim?bicim=json").json()
    assert [each["document"] for each in kept["consents"]] == [signing.consent_id]
    assert kept["consents"][0]["signature"] == "PAdES B-LTA"
    assert "E-Onay verdiniz." in page(client, "/islemler/son-islemlerim")
