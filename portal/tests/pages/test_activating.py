""" "Kullanıma Aç" on the portal's pages, over HTTP; the card service's part is set in the database."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests.certificates.made import DESK, Made, make
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW, card_of
from pytest_django import Settings

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.models import State as OperationStands
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.django_db

ACTIVATE, UNLOCK = "/islemler/kullanima-ac", "/islemler/kilit-cozme"


@pytest.fixture
def founded(db: None, tmp_path: Path, settings: Settings) -> None:
    """Key files of this test only; root and issuing authority are there."""
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    founding = Founding("nes", "Örnek", "NTRTR-0000001", tmp_path / "kok.pem", "uzun bir parola cümlesi")
    ceremony.found(founding, NOW)


@pytest.fixture(autouse=True)
def new(founded: None, ayse: Holder) -> Made:
    """Ayşe's new card, its certificates waiting."""
    made = make(ayse)
    certificates.hand_over(made.certificates, DESK, NOW)
    return made


def came_in_by(walker: Walker, way: str) -> None:
    """The session says so."""
    walker.sign_in()
    session = walker.client.session
    session["way"] = way
    session.save()


def begun(walker: Walker, new: Made) -> str:
    """Signed in, "Tamam" pressed, the code entered: the operation's page."""
    walker.sign_in()
    page = str(walker.post(ACTIVATE, card=str(new.card.pk))["Location"])
    walker.post(f"{page}/kod", sms_code=outbox()[0]["code"])
    return page


def test_it_says_what_will_happen_and_names_the_card(walker: Walker) -> None:
    walker.sign_in()
    page = walker.get(ACTIVATE).content.decode()
    assert "Kartınızın ilk PIN’ini belirleyeceksiniz; sertifikanız hemen ardından kullanıma açılır." in page
    assert "…4821" in page
    assert ">Tamam</button>" in page
    assert "kilidini" not in page


def test_its_code_is_its_own_and_leads_to_the_card_service(walker: Walker, new: Made) -> None:
    page = begun(walker, new)
    assert "sonu 4821 olan kartın ilk PIN'i için kod" in outbox()[0]["text"]
    shown = walker.get(page).content.decode()
    assert "İlk PIN Ekranını Aç" in shown
    assert re.search(r'href="http://127\.0\.0\.1:35853/#cap=[\w.-]+"', shown)
    assert "Yeni PIN" not in shown
    assert Operation.objects.get().kind == "activate"


@pytest.mark.parametrize("way", ["card", "signature", "oidc"])
def test_who_came_by_another_way_is_told_so_and_led_to_the_word(walker: Walker, new: Made, way: str) -> None:
    came_in_by(walker, way)
    for answer in (walker.get(ACTIVATE), walker.post(ACTIVATE, card=str(new.card.pk))):
        assert answer.status_code == 403
        shown = answer.content.decode()
        assert "Sertifika yalnız “Şifreli Giriş” ile kullanıma açılır; siz başka bir yolla girdiniz." in shown
        assert f'action="{ACTIVATE}/sifreli-giris"' in shown
    assert not Operation.objects.exists()
    assert walker.post(f"{ACTIVATE}/sifreli-giris")["Location"] == "/giris/sifreli"
    assert "Şifreli Giriş Ekranı" in walker.get("/giris/sifreli").content.decode()


def test_before_the_first_day_the_date_is_told(walker: Walker) -> None:
    begins = timezone.now() + timedelta(days=3)
    Certificate.objects.update(not_before=begins)
    walker.sign_in()
    answer = walker.get(ACTIVATE)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Sertifikanızın geçerliliği henüz başlamadı" in shown
    assert timezone.localtime(begins).strftime("%d.%m.%Y %H:%M") in shown


@pytest.mark.parametrize("state", [State.VALID, State.REVOKED])
def test_where_nothing_waits_that_is_told(walker: Walker, state: State) -> None:
    Certificate.objects.update(state=state)
    walker.sign_in()
    assert "Kullanıma açılacak sertifikanız yok" in walker.get(ACTIVATE).content.decode()


def test_who_has_no_card_is_told_that(walker: Walker, new: Made, mehmet: Holder) -> None:
    new.card.holder = mehmet
    new.card.save()
    walker.sign_in()
    assert "Kayıtlı kartınız yok" in walker.get(ACTIVATE).content.decode()


def test_an_unlock_of_such_a_card_leads_to_its_first_pin(walker: Walker, new: Made) -> None:
    walker.sign_in()
    for answer in (walker.get(UNLOCK), walker.post(UNLOCK, card=str(new.card.pk))):
        shown = answer.content.decode()
        assert "Bu kartın önce ilk PIN’i belirlenmeli" in shown
        assert f'href="{ACTIVATE}">Kullanıma Aç</a>' in shown
    assert not Operation.objects.exists()


def test_beside_another_card_each_is_led_where_it_belongs(walker: Walker, new: Made) -> None:
    other = card_of(walker.holder, "90217777")
    walker.sign_in()
    assert "…7777" not in walker.get(ACTIVATE).content.decode()
    assert walker.get(UNLOCK).status_code == 200
    assert "ilk PIN’i belirlenmeli" in walker.post(UNLOCK, card=str(new.card.pk)).content.decode()
    assert UNLOCK in walker.post(UNLOCK, card=str(other.pk))["Location"]


def test_the_end_says_since_when_it_is_open_and_what_can_be_done(walker: Walker, new: Made) -> None:
    page = begun(walker, new)
    now = timezone.now()
    certificates.open_for_use(new.certificates, now)
    Operation.objects.update(state=OperationStands.SUCCEEDED, closed_at=now)
    shown = walker.get(page).content.decode()
    assert "<h3>Sertifikanız kullanıma açıldı</h3>" in shown
    assert timezone.localtime(now).strftime("%d.%m.%Y %H:%M") in shown
    assert "Geçerli olduğu bildiriliyor" in shown
    assert 'href="/e-onay"' in shown
    assert "E-imzalı Giriş (Akıllı Kart Servisi)" in shown


def test_an_end_without_success_leads_back_to_it_and_not_to_an_unlock(walker: Walker, new: Made) -> None:
    page = begun(walker, new)
    Operation.objects.update(state=OperationStands.IN_DOUBT, code="card-lost")
    shown = walker.get(page).content.decode()
    assert "Kartı takın ve “Kullanıma Aç” işlemini yeniden başlatın" in shown
    assert f'href="{ACTIVATE}">Kullanıma Aç işlemini yeniden başlat</a>' in shown
    assert "Kilit Çözme" not in shown


def test_another_browsers_activation_is_ended_and_begun_here(walker: Walker, new: Made) -> None:
    with time_machine.travel(NOW + timedelta(days=1), tick=False) as clock:
        begun(walker, new)
        clock.shift(61)  # codes to one phone keep their distance
        elsewhere = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
        elsewhere.sign_in()
        shown = elsewhere.post(ACTIVATE, card=str(new.card.pk)).content.decode()
        assert f'action="{ACTIVATE}/burada-basla"' in shown
        clock.shift(61)
        assert elsewhere.post(f"{ACTIVATE}/burada-basla", card=str(new.card.pk)).status_code == 302
    assert set(Operation.objects.values_list("state", flat=True)) == {"cancelled", "awaiting_code"}


def test_a40_another_holders_card_is_not_found(walker: Walker, new: Made, mehmet: Holder) -> None:
    other = card_of(mehmet, "77770000")
    walker.sign_in()
    assert walker.post(ACTIVATE, card=str(other.pk)).status_code == 404
