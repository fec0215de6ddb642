""" "Güvenlik Sözcüğümü Değiştir" over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests.pages.test_word_forgotten import offered
from portal.tests.pages.walking import Walker
from portal.tests.people import AYSE_WORD

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.signin import new_word, sessions
from kilitcoz_portal.signin.sessions import Way

pytestmark = pytest.mark.django_db
CHANGE = "/islemler/guvenlik-sozcugu"
NEW = f"{CHANGE}/yeni"
NEW_WORD = "turuncu yelken açtı"


def to_the_new_word(walker: Walker) -> None:
    walker.sign_in()
    walker.step_up()
    assert walker.post(CHANGE, word=AYSE_WORD)["Location"] == NEW


def take(walker: Walker, word: str = NEW_WORD) -> Any:
    return walker.post(NEW, word=word, again=word)


def test_a_fresh_proof_and_the_current_word_lead_to_a_new_one(walker: Walker) -> None:
    walker.sign_in()
    assert "Güvenlik Sözcüğümü Değiştir" in walker.get("/islemler").content.decode()
    assert walker.get(CHANGE)["Location"].startswith("/dogrulama")
    walker.step_up()
    walker.post(CHANGE, word="MAVİ KİRAZ BAHCESİ")
    word = offered(walker.get(NEW))
    assert take(walker, word)["Location"] == "/giris/sifreli/sozcugunuz-degisti"
    done = walker.get("/giris/sifreli/sozcugunuz-degisti").content.decode()
    assert "İşlemler Menüsü" in done
    assert walker.get("/islemler").status_code == 200
    assert Notice.objects.filter(kind="word-changed").count() == 1
    again = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    assert again.enter_word().status_code == 422
    assert again.enter_word(word)["Location"] == "/giris/sms"


def test_every_other_session_ends(walker: Walker) -> None:
    elsewhere = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    elsewhere.sign_in()
    with time_machine.travel(timezone.now()) as clock:
        clock.shift(61)
        to_the_new_word(walker)
        take(walker)
        assert elsewhere.get("/islemler")["Location"].startswith("/giris")
        assert walker.get("/islemler").status_code == 200


def test_without_the_current_word_no_new_one_is_taken(walker: Walker) -> None:
    walker.sign_in()
    walker.step_up()
    assert walker.get(NEW)["Location"] == CHANGE
    assert take(walker)["Location"] == CHANGE
    assert not AuditEvent.objects.filter(event="word-changed").exists()


def test_the_current_word_counts_for_five_minutes(walker: Walker) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        to_the_new_word(walker)
        clock.shift(299)
        assert walker.get(NEW).status_code == 200
        clock.shift(2)
        assert walker.get(NEW)["Location"].startswith("/dogrulama")
        walker.step_up()
        assert walker.get(NEW)["Location"] == CHANGE


def test_three_wrong_current_words_end_the_session(walker: Walker) -> None:
    walker.sign_in()
    walker.step_up()
    for left in (2, 1):
        page = walker.post(CHANGE, word="yanlış")
        assert page.status_code == 422
        assert f"Kalan deneme hakkınız: {left}." in page.content.decode()
    assert "oturumunuzu kapattık" in walker.post(CHANGE, word="yanlış").content.decode()
    assert walker.get("/islemler")["Location"].startswith("/giris")


def test_a_word_of_wrong_form_is_told_at_its_field(walker: Walker) -> None:
    walker.sign_in()
    walker.step_up()
    assert "Güvenlik sözcüğünüzü yazın." in walker.post(CHANGE, word="").content.decode()
    assert not AuditEvent.objects.filter(event="word-refused").exists()


@pytest.mark.parametrize(
    ("way", "asked"),
    [
        (Way.CARD, False),
        (Way.SIGNATURE, False),
        (Way.OIDC, True),
        (Way.WORD_AND_SMS, True),
        (Way.WORD_AND_PASSKEY, True),
    ],
)
def test_who_came_in_by_the_card_is_not_asked_for_the_word(walker: Walker, way: Way, asked: bool) -> None:
    session = walker.client.session
    sessions.sign_in(session, walker.holder, timezone.now(), by=way)
    session.save()
    walker.client.cookies["kilitcoz"] = session.session_key
    walker.step_up()
    assert walker.get(NEW).status_code == (302 if asked else 200)


def test_a_frozen_account_keeps_its_word(walker: Walker) -> None:
    to_the_new_word(walker)
    Holder.objects.update(frozen_at=timezone.now())
    assert take(walker).status_code == 403
    assert not AuditEvent.objects.filter(event="word-changed").exists()


def test_a_word_that_staff_made_opens_nothing_but_its_change(walker: Walker) -> None:
    made = new_word.make_temporary(walker.holder, timezone.now(), lambda: None, by="Zeynep Kaya")
    walker.enter_word(made)
    walker.post("/giris/sms/kod", sms_code=walker.ask_for_code())
    for page in ("/islemler", "/islemler/kilit-cozme", "/islemler/pin-puk"):
        assert walker.get(page)["Location"] == CHANGE
    walker.step_up()
    assert "bir görevli hazırladı" in walker.get(CHANGE).content.decode()
    walker.post(CHANGE, word=made)
    take(walker)
    assert walker.get("/islemler").status_code == 200


def test_who_has_such_a_word_and_came_in_by_the_card_is_left_alone(walker: Walker) -> None:
    new_word.make_temporary(walker.holder, timezone.now(), lambda: None, by="Zeynep Kaya")
    session = walker.client.session
    sessions.sign_in(session, walker.holder, timezone.now(), by=Way.CARD)
    session.save()
    walker.client.cookies["kilitcoz"] = session.session_key
    assert walker.get("/islemler").status_code == 200


def test_a_stranger_is_sent_to_sign_in(client: Client, ayse: Holder) -> None:
    for page in (CHANGE, NEW):
        assert client.get(page)["Location"].startswith("/giris")
        assert client.post(page)["Location"].startswith("/giris")
