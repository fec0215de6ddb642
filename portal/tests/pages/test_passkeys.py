"""Passkeys over HTTP: added behind a fresh proof, asked for after the right word, removed by their holder."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from portal.tests import people
from portal.tests.pages.walking import Walker
from portal.tests.passkeys.authenticator import ORIGIN, PRESENT, Authenticator
from portal.tests.passkeys.conftest import added
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.signin.models import HolderSession, Passkey, SendBudget
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.django_db
MINE = "/islemler/gecis-anahtarlarim"
LOGIN = "/giris/gecis-anahtari"
STEP_UP = "/dogrulama/gecis-anahtari"


@pytest.fixture(autouse=True)
def a_domain(settings: Settings) -> None:
    """Browsers have passkeys for it."""
    settings.KILITCOZ_ORIGIN = ORIGIN


@pytest.fixture
def key(ayse: Holder) -> Authenticator:
    """Ayşe's passkey, added earlier."""
    return added(ayse)


def step_up(walker: Walker) -> None:
    """A fresh proof, by SMS."""
    walker.post("/dogrulama/kod")
    walker.post("/dogrulama", sms_code=newest_code())


def newest_code() -> str:
    return next(each["code"] for each in outbox() if each["code"])


def ask(walker: Walker, path: str) -> str:
    """What the page's script fetches."""
    return str(walker.post(f"{path}/soru").content.decode())


def add(walker: Walker, authenticator: Authenticator, label: str = "telefonum") -> str:
    """What the page's script does; the page afterwards."""
    question = ask(walker, MINE)
    answer = walker.client.post(MINE, {"label": label, "answer": authenticator.create(question)}, follow=True)
    return str(answer.content.decode())


def test_a_passkey_is_added_behind_a_fresh_proof_and_listed(walker: Walker) -> None:
    walker.sign_in()
    assert walker.get(MINE)["Location"].startswith("/dogrulama")
    assert walker.post(f"{MINE}/soru")["Location"].startswith("/dogrulama")
    step_up(walker)
    assert "Henüz geçiş anahtarınız yok" in walker.get(MINE).content.decode()
    page = add(walker, Authenticator(), "evdeki bilgisayar")
    assert "evdeki bilgisayar" in page
    assert "Henüz kullanılmadı" in page
    assert "geçiş anahtarı eklendi" in OutboxMessage.objects.latest("pk").text


def test_a_name_is_asked_for(walker: Walker) -> None:
    walker.sign_in()
    step_up(walker)
    assert "Geçiş anahtarınıza bir ad verin." in add(walker, Authenticator(), "  ")
    assert not Passkey.objects.exists()


def test_a_refused_answer_is_told(walker: Walker) -> None:
    walker.sign_in()
    step_up(walker)
    assert "Geçiş anahtarı kabul edilmedi" in add(walker, Authenticator(flags=PRESENT))


def test_after_the_word_the_passkey_is_asked_for_and_signs_in(walker: Walker, key: Authenticator) -> None:
    assert walker.client.get("/giris/sms")["Location"] == "/giris/sifreli"
    walker.enter_word()
    assert walker.get("/giris/sms")["Location"] == LOGIN
    page = walker.get(LOGIN).content.decode()
    assert "Geçiş anahtarıyla onayla" in page
    question = ask(walker, LOGIN)
    assert walker.post(LOGIN, answer=key.get(question))["Location"] == "/islemler"
    assert AuditEvent.objects.get(event="signed-in").detail["by"] == "word-and-passkey"
    assert HolderSession.objects.get().way == "word-and-passkey"
    assert not OutboxMessage.objects.filter(purpose="login").exists()


def test_the_sms_code_is_still_there(walker: Walker, key: Authenticator) -> None:
    walker.enter_word()
    link = re.findall(r'href="(/giris/sms[^"]+)"', walker.get(LOGIN).content.decode())[0]
    assert "+90 5•• ••• •• 67" in walker.get(link).content.decode()
    assert walker.post("/giris/sms/kod", sms_code=walker.ask_for_code())["Location"] == "/islemler"


def test_unless_the_holder_closed_it(walker: Walker, key: Authenticator) -> None:
    walker.enter_word()
    walker.post("/giris/sms/kod", sms_code=walker.ask_for_code())
    step_up(walker)
    walker.post(f"{MINE}/sms", sms="0")
    walker.post("/cikis")
    before = OutboxMessage.objects.count()
    walker.enter_word()
    page = walker.get(LOGIN).content.decode()
    assert "SMS koduyla girişi kapattınız" in page
    assert walker.get("/giris/sms?sms")["Location"] == LOGIN
    assert "SMS koduyla giriş kapalı" in walker.post("/giris/sms").content.decode()
    assert "SMS koduyla giriş kapalı" in walker.post("/giris/sms/yeni-kod").content.decode()
    assert OutboxMessage.objects.count() == before


def test_a_refused_passkey_signs_nobody_in_and_the_page_stays(walker: Walker, key: Authenticator) -> None:
    walker.enter_word()
    question = ask(walker, LOGIN)
    refused = walker.post(LOGIN, answer=key.but(flags=PRESENT).get(question))
    assert refused.status_code == 422
    assert "Geçiş anahtarı kabul edilmedi" in refused.content.decode()
    assert walker.get("/islemler").status_code == 302


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"response": 7}', "x" * 20_000])
def test_nonsense_is_refused(walker: Walker, key: Authenticator, answer: str) -> None:
    walker.enter_word()
    walker.post(f"{LOGIN}/soru")
    assert "Geçiş anahtarı kabul edilmedi" in walker.post(LOGIN, answer=answer).content.decode()


def test_a04_without_the_right_word_nobody_learns_who_has_a_passkey(
    walker: Walker, mehmet: Holder, key: Authenticator
) -> None:
    for holder in (walker.holder, mehmet):
        stranger = Walker(Client(headers={"accept-language": "tr"}), holder)
        stranger.enter_word("yanlış")
        for path in ("/giris/sms", LOGIN):
            assert stranger.get(path)["Location"] == "/giris/sifreli"
        assert stranger.post(f"{LOGIN}/soru")["Location"] == "/giris/sifreli"
        assert stranger.post(LOGIN, answer="{}")["Location"] == "/giris/sifreli"


def test_who_has_none_is_sent_to_the_sms(walker: Walker) -> None:
    walker.enter_word()
    assert walker.get(LOGIN)["Location"] == "/giris/sms"
    assert walker.get("/giris/sms").status_code == 200


def test_a_passkey_is_the_fresh_proof_and_leads_on(walker: Walker, key: Authenticator) -> None:
    walker.sign_in()
    page = walker.client.get(MINE, follow=True).content.decode()
    assert "Geçiş anahtarıyla onayla" in page
    answer = key.get(ask(walker, STEP_UP))
    assert walker.post(f"{STEP_UP}?sonra={MINE}", answer=answer)["Location"] == MINE
    assert walker.get(MINE).status_code == 200
    assert AuditEvent.objects.get(event="stepped-up").detail == {"by": "passkey"}


def test_without_a_passkey_the_fresh_proof_is_asked_by_sms(walker: Walker) -> None:
    walker.sign_in()
    assert walker.get(f"{STEP_UP}?sonra={MINE}")["Location"] == f"/dogrulama?sonra={MINE.replace('/', '%2F')}"
    assert "Kod şu numaraya gönderilecek" in walker.get("/dogrulama").content.decode()


def test_a_refused_passkey_is_no_fresh_proof_and_the_sms_code_still_is(
    walker: Walker, key: Authenticator
) -> None:
    walker.sign_in()
    lie = key.but(flags=PRESENT).get(ask(walker, STEP_UP))
    assert walker.post(STEP_UP, answer=lie).status_code == 422
    assert walker.get(MINE).status_code == 302
    step_up(walker)
    assert walker.get(MINE).status_code == 200


def sign_in_by(walker: Walker, key: Authenticator) -> None:
    """Word, then passkey."""
    walker.enter_word()
    assert walker.post(LOGIN, answer=key.get(ask(walker, LOGIN)))["Location"] == "/islemler"


def test_a10_a_passkey_older_than_the_phone_is_a_way_out_of_its_72_hours(walker: Walker) -> None:
    people.card_of(walker.holder)
    key = added(walker.holder)
    now = timezone.now()
    Passkey.objects.update(created_at=now - timedelta(hours=2))
    Holder.objects.update(phone_changed_at=now - timedelta(hours=1))
    sign_in_by(walker, key)
    page = str(walker.start_unlock()["Location"])
    walker.post(f"{page}/gecis-anahtari", answer=key.get(ask(walker, f"{page}/gecis-anahtari")))
    assert Operation.objects.get().state == State.AUTHORISED


def test_a10_a_passkey_that_the_new_phone_added_is_none_even_beside_an_older_one(walker: Walker) -> None:
    people.card_of(walker.holder)
    added(walker.holder)
    now = timezone.now()
    Passkey.objects.update(created_at=now - timedelta(hours=2))
    Holder.objects.update(phone_changed_at=now - timedelta(hours=1))
    thiefs = added(walker.holder)
    Passkey.objects.filter(pk=Passkey.objects.latest("pk").pk).update(created_at=now)
    sign_in_by(walker, thiefs)
    assert walker.start_unlock().status_code == 403
    assert not Operation.objects.exists()


def start_unlock(walker: Walker) -> str:
    """Signed in, "Tamam" pressed: the operation's page."""
    people.card_of(walker.holder)
    walker.sign_in()
    return str(walker.start_unlock()["Location"])


def test_a_passkey_authorises_an_unlock_and_no_code_is_sent(walker: Walker, key: Authenticator) -> None:
    page = start_unlock(walker)
    asked = walker.get(page).content.decode()
    assert "Sonu 4821 olan kartın kilidini çözmek için geçiş anahtarınızla onaylayın" in asked
    answer = key.get(ask(walker, f"{page}/gecis-anahtari"))
    assert walker.post(f"{page}/gecis-anahtari", answer=answer)["Location"] == page
    assert "Kilit Çözme Ekranını Aç" in walker.get(page).content.decode()
    assert Operation.objects.get().state == State.AUTHORISED
    assert not OutboxMessage.objects.filter(purpose="unlock").exists()


def test_the_unlocks_sms_code_is_a_button_away(walker: Walker, key: Authenticator) -> None:
    page = start_unlock(walker)
    assert f'action="{page}/yeni-kod"' in walker.get(page).content.decode()
    walker.post(f"{page}/yeni-kod")
    assert "SMS Onay Kodu" in walker.get(page).content.decode()
    walker.post(f"{page}/kod", sms_code=newest_code())
    assert Operation.objects.get().state == State.AUTHORISED


def test_a07_a_logins_answer_does_not_unlock_and_an_unlocks_answer_does_not_log_in(
    walker: Walker, key: Authenticator
) -> None:
    walker.enter_word()
    for_login = ask(walker, LOGIN)
    unlock = f"{start_unlock(walker)}/gecis-anahtari"
    for_unlock = ask(walker, unlock)
    assert walker.post(unlock, answer=key.get(for_login)).status_code == 422
    assert Operation.objects.get().state == State.AWAITING_CODE
    walker.enter_word()
    ask(walker, LOGIN)
    assert walker.post(LOGIN, answer=key.get(for_unlock)).status_code == 422
    assert walker.get("/islemler").status_code == 302


def test_a07_one_operations_answer_does_not_authorise_another(walker: Walker, key: Authenticator) -> None:
    first = start_unlock(walker)
    answer = key.get(ask(walker, f"{first}/gecis-anahtari"))
    walker.post(f"{first}/iptal")
    second = str(walker.start_unlock()["Location"])
    ask(walker, f"{second}/gecis-anahtari")
    assert walker.post(f"{second}/gecis-anahtari", answer=answer).status_code == 422
    refused = AuditEvent.objects.get(event="passkey-refused")
    assert refused.detail == {"deed": "unlock", "why": "assertion"}
    assert refused.operation_id == second.rpartition("/")[2]


def test_a40_another_browsers_operation_is_not_found(walker: Walker, key: Authenticator) -> None:
    page = start_unlock(walker)
    kerem = Walker(Client(), people.mehmet())
    assert kerem.post(f"{page}/gecis-anahtari/soru").status_code == 302
    SendBudget.objects.update(last_sent_at=None)
    kerem.enter_word(people.MEHMET_WORD)
    kerem.post("/giris/sms/kod", sms_code=kerem.ask_for_code())
    assert kerem.post(f"{page}/gecis-anahtari/soru").status_code == 404
    assert kerem.post(f"{page}/gecis-anahtari", answer="{}").status_code == 404


def test_a_passkey_is_removed_and_the_sms_code_is_back(walker: Walker, key: Authenticator) -> None:
    walker.sign_in()
    step_up(walker)
    remove = re.findall(r'action="([^"]+/kaldir)"', walker.get(MINE).content.decode())[0]
    assert walker.post(remove)["Location"] == MINE
    assert "geçiş anahtarı silindi" in OutboxMessage.objects.latest("pk").text
    walker.post("/cikis")
    walker.enter_word()
    assert walker.get("/giris/sms").status_code == 200


def test_a40_another_holders_passkey_is_not_found(walker: Walker, mehmet: Holder) -> None:
    added(mehmet)
    walker.sign_in()
    step_up(walker)
    assert walker.post(f"{MINE}/{Passkey.objects.get().pk}/kaldir").status_code == 404
    assert Passkey.objects.count() == 1
    assert AuditEvent.objects.filter(event="foreign-object-asked").count() == 1


def test_every_other_browser_is_out_when_passkeys_change(walker: Walker) -> None:
    other = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    other.enter_word()
    other.post("/giris/sms/kod", sms_code=other.ask_for_code())
    SendBudget.objects.update(last_sent_at=None)
    walker.sign_in()
    step_up(walker)
    add(walker, Authenticator())
    assert walker.get("/islemler").status_code == 200
    assert other.get("/islemler").status_code == 302


def test_at_an_address_without_passkeys_the_page_says_so(walker: Walker, settings: Settings) -> None:
    settings.KILITCOZ_ORIGIN = "http://127.0.0.1:8000"
    walker.sign_in()
    step_up(walker)
    page = walker.get(MINE).content.decode()
    assert "Bu adreste tarayıcılar geçiş anahtarına izin vermez" in page
    assert "data-passkey" not in page


def test_while_frozen_passkeys_stay_as_they_are(walker: Walker, key: Authenticator) -> None:
    walker.sign_in()
    step_up(walker)
    Holder.objects.update(frozen_at=timezone.now())
    for path in ("", f"/{Passkey.objects.get().pk}/kaldir", "/sms"):
        assert "Hesabınız dondurulmuş" in walker.post(f"{MINE}{path}").content.decode()
    assert Passkey.objects.count() == 1
