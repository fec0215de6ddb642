""" "Güvenlik Sözcüğümü Unuttum" over HTTP: who knows a number learns nothing and moves nothing; who is the
holder gets through alone.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests import people
from portal.tests.pages.test_signing_in import unknown_numbers, without_chance
from portal.tests.pages.walking import FORGOTTEN, Walker
from pytest_django import Settings

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.signin import word_release
from kilitcoz_portal.signin.models import WordRecovery
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.django_db
NEW_WORD = "turuncu yelken açtı"
PROOF, LETTER, PHONE, CODE, NEW = (
    f"{FORGOTTEN}/{step}" for step in ("kanit", "e-posta", "sms", "sms/kod", "yeni")
)


@pytest.fixture
def ayse(ayse: Holder) -> Holder:
    """Ayşe, whose e-mail address and application number are known."""
    ayse.email, ayse.application_number = "ayse@ornek.example", "2026/4711"
    ayse.save()
    return ayse


def release(holder: Holder) -> str:
    return word_release.make(holder, timezone.now(), by="Zeynep Kaya")


def to_the_phone(walker: Walker) -> None:
    walker.begin_recovery()
    assert walker.post(PROOF, release=release(walker.holder))["Location"] == PHONE


def to_the_new_word(walker: Walker) -> None:
    to_the_phone(walker)
    assert walker.post(PHONE)["Location"] == CODE
    assert walker.post(CODE, sms_code=outbox()[0]["code"])["Location"] == NEW


def offered(page: Any) -> str:
    return re.findall(r'<p class="offered">([^<]+)</p>', page.content.decode())[0]


def test_the_call_centres_code_and_the_phones_lead_to_a_word_that_logs_in(walker: Walker) -> None:
    assert walker.begin_recovery()["Location"] == PROOF
    page = walker.post(PROOF, release=release(walker.holder).lower())
    assert page["Location"] == PHONE
    phone = walker.get(PHONE).content.decode()
    assert "+90 5•• ••• •• 67" in phone
    assert walker.holder.phone not in phone
    walker.post(PHONE)
    assert "güvenlik sözcüğünüzü yenileme kodunuz" in outbox()[0]["text"]
    walker.post(CODE, sms_code=outbox()[0]["code"])
    word = offered(walker.get(NEW))
    assert walker.post(NEW, word=word, again=word)["Location"] == "/giris/sifreli/sozcugunuz-degisti"
    done = walker.get("/giris/sifreli/sozcugunuz-degisti").content.decode()
    assert "eskisiyle artık girilemez" in done
    assert word not in done
    assert walker.enter_word().status_code == 422
    assert walker.enter_word(word)["Location"] == "/giris/sms"


def test_so_do_the_application_number_and_the_emails_code(walker: Walker) -> None:
    walker.begin_recovery()
    assert walker.post(f"{LETTER}/gonder", application_number=" 2026/4711 ")["Location"] == LETTER
    mail = OutboxMail.objects.get()
    assert mail.to == "ayse@ornek.example"
    code = re.findall(rf"{LETTER}#(\w{{8}})\n", mail.text)[0]
    assert f"{code[:4]} {code[4:]}" in mail.text
    assert walker.post(LETTER, letter_code=f"{code[:4]}-{code[4:].lower()}")["Location"] == PHONE
    assert "güvenlik sözcüğünüzün yenilenmesi istendi" in OutboxMessage.objects.latest("pk").text


def test_a04_every_page_up_to_the_proof_is_the_same_for_known_and_unknown_numbers(ayse: Holder) -> None:
    mehmet = people.mehmet()
    release(mehmet)
    before = OutboxMessage.objects.count()
    seen: dict[str, set[Any]] = {"known": set(), "released": set(), "unknown": set()}
    for nth, number in enumerate(unknown_numbers(8)):
        numbers = {"known": ayse.id_number, "released": mehmet.id_number, "unknown": number}
        for kind, id_number in numbers.items():
            client = Client(headers={"accept-language": "tr"}, REMOTE_ADDR=f"192.0.2.{nth}")
            seen[kind].add(pages_of(Walker(client, ayse), id_number))
    assert seen["known"] == seen["released"] == seen["unknown"]
    assert len(seen["known"]) == 1
    assert OutboxMessage.objects.count() == before
    assert OutboxMail.objects.count() == 0


def pages_of(walker: Walker, id_number: str) -> tuple[Any, ...]:
    steps = [walker.begin_recovery(id_number), walker.get(PROOF)]
    steps += [walker.post(f"{LETTER}/gonder", application_number="2026/1"), walker.get(LETTER)]
    steps += [walker.post(LETTER, letter_code="AAAA2222")]
    steps += [walker.post(PROOF, release="AAAA2222") for _ in range(5)]
    steps += [walker.post(PROOF, release="AAAA2222"), walker.get(PHONE)]
    return tuple((step.status_code, frozenset(step.headers), without_chance(step)) for step in steps)


def test_a12_forgotten_words_of_a_stranger_send_nothing_and_an_hour_has_twenty(ayse: Holder) -> None:
    for nth in range(24):
        kerem = Walker(Client(headers={"accept-language": "tr"}), ayse)
        begun = kerem.begin_recovery()
        assert begun.status_code == (302 if nth < 20 else 429)
        kerem.post(f"{LETTER}/gonder", application_number="2026/1")
        kerem.post(PROOF, release="AAAA2222")
        for page in (PHONE, CODE, f"{PHONE}/yeni-kod", NEW):
            kerem.post(page, sms_code="123456", word=NEW_WORD, again=NEW_WORD)
    assert "Hiç kimseye ileti gönderilmedi" in begun.content.decode()
    assert not OutboxMessage.objects.exists()
    assert not OutboxMail.objects.exists()


def test_a03_an_unsolved_check_begins_nothing(walker: Walker) -> None:
    refused = walker.begin_recovery(picture_text="XXXXX")
    assert "Resimdeki yazı tutmadı" in refused.content.decode()
    missing = walker.begin_recovery(picture_text="")
    assert "Resimdeki ya da sesteki beş" in missing.content.decode()
    assert walker.begin_recovery("10000000147").status_code == 422
    assert not WordRecovery.objects.exists()
    assert walker.post(FORGOTTEN, new_picture="1").status_code == 200


def test_a06_a_recovery_is_one_browsers(walker: Walker) -> None:
    walker.begin_recovery()
    code = release(walker.holder)
    kerem = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    for page in (PROOF, LETTER, PHONE, CODE, NEW):
        assert "Bu tarayıcıda süren bir yenileme yok" in kerem.get(page).content.decode()
    assert kerem.post(PROOF, release=code).status_code == 403
    assert walker.post(PROOF, release=code)["Location"] == PHONE


def test_a_stage_leads_on_to_its_own_page(walker: Walker) -> None:
    walker.begin_recovery()
    assert walker.get(NEW)["Location"] == PROOF
    assert walker.get(PHONE)["Location"] == PROOF
    walker.post(PROOF, release=release(walker.holder))
    assert walker.get(NEW)["Location"] == PHONE
    assert walker.get(PROOF)["Location"] == PHONE
    assert walker.get(CODE)["Location"] == PHONE
    walker.post(PHONE)
    walker.post(CODE, sms_code=outbox()[0]["code"])
    assert walker.get(PHONE)["Location"] == NEW


def test_the_sessions_key_and_the_forms_token_change_at_each_step(walker: Walker) -> None:
    walker.begin_recovery()
    keys = [walker.client.cookies["kilitcoz"].value]
    walker.post(PROOF, release=release(walker.holder))
    keys.append(walker.client.cookies["kilitcoz"].value)
    walker.post(PHONE)
    walker.post(CODE, sms_code=outbox()[0]["code"])
    keys.append(walker.client.cookies["kilitcoz"].value)
    assert len(set(keys)) == 3


def test_a_wrong_proof_is_told_at_its_field_with_the_tries_left_and_the_fifth_ends_it(walker: Walker) -> None:
    walker.begin_recovery()
    for left in (4, 3, 2, 1):
        page = walker.post(PROOF, release="AAAA2222")
        assert page.status_code == 422
        assert f"Kalan deneme hakkınız: {left}." in page.content.decode()
    assert "Deneme hakkı bitti" in walker.post(PROOF, release="AAAA2222").content.decode()
    assert walker.get(PROOF).status_code == 403


@pytest.mark.parametrize("typed", ["", "AAAA222", "AAAA22223", "AAAA222O", "AAAA222ş"])
def test_a_text_that_cannot_be_a_code_costs_no_try(walker: Walker, typed: str) -> None:
    walker.begin_recovery()
    for page, field in ((PROOF, "release"), (LETTER, "letter_code")):
        assert f'id="id_{field}_error"' in walker.post(page, **{field: typed}).content.decode()
    assert WordRecovery.objects.get().tries == 0


def test_an_empty_application_number_is_told_at_its_field(walker: Walker) -> None:
    walker.begin_recovery()
    assert "Başvuru numaranızı yazın." in walker.post(f"{LETTER}/gonder").content.decode()
    for _ in range(3):
        walker.post(f"{LETTER}/gonder", application_number="2026/1")
    assert walker.post(f"{LETTER}/gonder", application_number="2026/1").status_code == 403


def test_where_no_email_is_sent_none_is_offered(walker: Walker, settings: Settings) -> None:
    settings.KILITCOZ_SMS_GATEWAY = "console"
    walker.begin_recovery()
    page = walker.get(PROOF).content.decode()
    assert "E-posta gönder" not in page
    assert "Çağrı Merkezi Kodu" in page


def test_five_wrong_sms_codes_end_it(walker: Walker) -> None:
    to_the_phone(walker)
    walker.post(PHONE)
    right = outbox()[0]["code"]
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        page = walker.post(CODE, sms_code=wrong)
    assert "Kod deneme hakkı bitti" in page.content.decode()
    assert walker.post(CODE, sms_code=right).status_code == 403


def test_a_code_asked_again_too_soon_is_told_with_the_seconds_to_wait(walker: Walker) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        to_the_phone(walker)
        walker.post(PHONE)
        clock.shift(20)
        again = walker.post(f"{PHONE}/yeni-kod")
        assert "Beklemeniz gereken süre: 40 saniye." in again.content.decode()
        assert walker.post(PHONE)["Location"] == CODE
        clock.shift(41)
        assert walker.post(f"{PHONE}/yeni-kod")["Location"] == CODE


def test_a10_72_hours_after_a_change_of_phone_it_is_held_and_says_until_when(walker: Walker) -> None:
    code = release(walker.holder)
    now = timezone.now()
    Holder.objects.update(phone_changed_at=now - timedelta(hours=1))
    walker.begin_recovery()
    held = walker.post(PROOF, release=code)
    assert held.status_code == 403
    until = timezone.localtime(now + timedelta(hours=71)).strftime("%d.%m.%Y %H:%M")
    assert until in held.content.decode()
    assert not OutboxMessage.objects.filter(purpose="word").exists()


def test_a_frozen_account_is_told_so_after_the_proof(walker: Walker) -> None:
    code = release(walker.holder)
    Holder.objects.update(frozen_at=timezone.now())
    walker.begin_recovery()
    assert walker.post(PROOF, release=code).status_code == 403
    assert not OutboxMessage.objects.filter(purpose="word").exists()


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("kiraz", "en az sekiz harf"),
        ("abababab", "Kendini tekrar eden"),
        ("Galatasaray1905", "çok kişi seçiyor"),
        ("yilmaz1985", "Adınız, numaralarınız"),
        ("mavi kiraz bahçesi", "şu anki sözcüğünüz"),
    ],
)
def test_each_rule_is_told_at_the_words_field(walker: Walker, word: str, told: str) -> None:
    to_the_new_word(walker)
    page = walker.post(NEW, word=word, again=word)
    assert page.status_code == 422
    assert told in page.content.decode()
    assert word not in page.content.decode()


def test_a_word_typed_in_two_ways_is_asked_again_and_spelling_does_not_count(walker: Walker) -> None:
    to_the_new_word(walker)
    assert "İki yazım aynı değil" in walker.post(NEW, word=NEW_WORD, again="turuncu yelken").content.decode()
    assert walker.post(NEW, word=NEW_WORD, again="TURUNCU YELKEN ACTI").status_code == 302


def test_each_look_at_the_page_offers_another_word(walker: Walker) -> None:
    to_the_new_word(walker)
    assert len({offered(walker.get(NEW)) for _ in range(5)}) == 5


def test_every_session_of_the_holder_ends(walker: Walker) -> None:
    elsewhere = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    elsewhere.sign_in()
    to_the_new_word(walker)
    walker.post(NEW, word=NEW_WORD, again=NEW_WORD)
    assert elsewhere.get("/islemler")["Location"].startswith("/giris")


def test_who_is_signed_in_changes_the_word_instead(walker: Walker) -> None:
    walker.sign_in()
    assert walker.get(FORGOTTEN)["Location"] == "/islemler/guvenlik-sozcugu"


def test_no_page_of_it_may_be_kept_and_none_sends_a_secret_back(walker: Walker) -> None:
    code = release(walker.holder)
    walker.begin_recovery()
    walker.post(PROOF, release=code)
    walker.post(PHONE)
    walker.post(CODE, sms_code=outbox()[0]["code"])
    assert walker.get(NEW)["Cache-Control"] == "no-store"
