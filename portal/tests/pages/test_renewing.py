""" "Sertifikamı Yenile" on the portal's pages, over HTTP; the card service's part is set in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from portal.tests.certificates.made import Made, bring, make, public_key
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW, card_of
from pytest_django import Settings

from kilitcoz_cards.pin import Puk
from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import issuing, services
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.certificates.models import State
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.models import State as OperationStands
from kilitcoz_portal.renewal.models import RenewalKey
from kilitcoz_portal.sms.queries import outbox
from kilitcoz_portal.vault import management
from kilitcoz_portal.vault import services as vault

pytestmark = pytest.mark.django_db

RENEW = "/islemler/yenile"
TITLE = ">Sertifikamı Yenile</button>"


@pytest.fixture
def founded(db: None, tmp_path: Path, settings: Settings) -> None:
    """Key files of this test only; root and issuing authority are there; renewals are offered."""
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_RENEWAL_DAYS = 60
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    founding = Founding("nes", "Örnek", "NTRTR-0000001", tmp_path / "kok.pem", "uzun bir parola cümlesi")
    ceremony.found(founding, NOW)


@pytest.fixture(autouse=True)
def ayses(founded: None, ayse: Holder) -> Made:
    """Ayşe's card in use, as the desk made it."""
    made = make(ayse)
    made.card.card_auth_key = public_key()
    made.card.save()
    vault.adopt(made.card.ref, "piv", Puk.from_text("12348765"), NOW)
    with transaction.atomic():
        management.make(made.card.ref, NOW)
        management.prove(made.card.ref, NOW)
    bring(made, State.VALID)
    return made


@pytest.fixture
def near_the_end(ayses: Made) -> Iterator[None]:
    """Ten days before her certificates end."""
    with time_machine.travel(ayses.certificates[0].not_after - timedelta(days=10), tick=False):
        yield


def begun(walker: Walker, ayses: Made) -> str:
    """Signed in, "Tamam" pressed, the code entered: the operation's page."""
    walker.sign_in()
    page = str(walker.post(RENEW, card=str(ayses.card.pk))["Location"])
    walker.post(f"{page}/kod", sms_code=outbox()[0]["code"])
    return page


def test_the_menu_offers_it_when_it_is_due_and_not_before(walker: Walker, ayses: Made) -> None:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        walker.sign_in()
        assert TITLE not in walker.get("/islemler").content.decode()
    with time_machine.travel(ayses.certificates[0].not_after - timedelta(days=10), tick=False):
        walker.sign_in()
        assert TITLE in walker.get("/islemler").content.decode()


@pytest.mark.usefixtures("near_the_end")
def test_the_dates_and_what_becomes_of_the_old_key_are_told_before(walker: Walker, ayses: Made) -> None:
    walker.sign_in()
    page = walker.get(RENEW).content.decode()
    until = timezone.localtime(ayses.certificates[0].not_after).strftime("%d.%m.%Y")
    assert f'bugünkü sertifikanız <strong class="nowrap">{until}</strong> günü sona eriyor' in page
    assert "Bugüne kadar imzaladıklarınız doğrulanmaya devam eder." in page
    assert "…4821" in page


@pytest.mark.usefixtures("near_the_end")
def test_its_code_is_its_own_and_leads_to_the_card_service(walker: Walker, ayses: Made) -> None:
    page = begun(walker, ayses)
    assert "sonu 4821 olan kartı yenileme kodu" in outbox()[0]["text"]
    shown = walker.get(page).content.decode()
    assert "Sertifika Yenileme Ekranını Aç" in shown
    assert "Kart PIN’inizi orada yazacaksınız" in shown
    assert Operation.objects.get().kind == "renew"


@pytest.mark.usefixtures("near_the_end")
def test_the_end_shows_both_spans_of_time(walker: Walker, ayses: Made) -> None:
    page, now = begun(walker, ayses), timezone.now()
    operation, old = Operation.objects.get(), ayses.certificates[0]
    wish = Production(
        ayses.card, "9c", ProfileName(old.profile), public_key(), services.request_id(), replaces=old
    )
    new = issuing.produce(wish, HOLDER, now)
    RenewalKey.objects.create(
        operation=operation,
        card=ayses.card,
        slot="9c",
        algorithm="ecc-p256",
        public_key=b"",
        replaces=old,
        request_id=new.request_id,
        certificate=new,
        made_at=now,
        written_at=now,
    )
    Operation.objects.update(state=OperationStands.SUCCEEDED, closed_at=now)
    shown = walker.get(page).content.decode()
    assert "<h3>Sertifikanız yenilendi</h3>" in shown
    for moment in (new.not_before, new.not_after, old.not_after):
        assert timezone.localtime(moment).strftime("%d.%m.%Y") in shown
    assert "doğrulanmaya devam eder" in shown


@pytest.mark.usefixtures("near_the_end")
def test_an_end_without_success_says_that_it_goes_on_where_it_stopped(walker: Walker, ayses: Made) -> None:
    page = begun(walker, ayses)
    Operation.objects.update(state=OperationStands.FAILED, code="card-lost")
    shown = walker.get(page).content.decode()
    assert "“Sertifikamı Yenile” işlemini yeniden başlatın; kaldığı yerden tamamlanır." in shown
    assert f'href="{RENEW}">' in shown


def test_too_early_the_day_is_told(walker: Walker) -> None:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        walker.sign_in()
        shown = walker.get(RENEW).content.decode()
        assert "Yenilemek için henüz erken" in shown
        assert "Ne zamana kadar:" in shown


@pytest.mark.usefixtures("near_the_end")
def test_where_it_is_not_offered_that_is_told_and_the_menu_is_silent(
    walker: Walker, settings: Settings
) -> None:
    settings.KILITCOZ_RENEWAL_DAYS = 0
    walker.sign_in()
    assert TITLE not in walker.get("/islemler").content.decode()
    assert "Bu kart evde yenilenemiyor" in walker.get(RENEW).content.decode()


@pytest.mark.usefixtures("near_the_end")
def test_a40_another_holders_card_is_not_found(walker: Walker, mehmet: Holder) -> None:
    other = card_of(mehmet, "77770000")
    walker.sign_in()
    assert walker.post(RENEW, card=str(other.pk)).status_code == 404
