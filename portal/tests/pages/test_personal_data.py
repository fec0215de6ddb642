""" "Kişisel Bilgilerimi Güncelle": contacts by codes to old and new, language, choice about remote unlock."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests.pages.walking import Walker
from portal.tests.people import card_of
from pytest_django import Settings

from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.django_db

PAGE = "/islemler/bilgilerim"
NEW_PHONE = "+905321112233"


@pytest.fixture
def inside(walker: Walker) -> Walker:
    """Signed in."""
    walker.sign_in()
    return walker


@pytest.fixture
def proved(inside: Walker) -> Walker:
    """Signed in, with a fresh proof."""
    inside.step_up()
    return inside


def text_of(walker: Walker, path: str = PAGE) -> str:
    page: str = walker.get(path).content.decode()
    return page


def change_phone(walker: Walker, number: str = "0532 111 22 33") -> str:
    """The page after the code to the new number."""
    walker.post(f"{PAGE}/telefon", contact=number)
    code = outbox()[0]["code"]
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):
        page: str = walker.client.post(
            f"{PAGE}/telefon/kod", {"sms_code": code}, follow=True
        ).content.decode()
    return page


def test_the_overview_shows_contacts_masked_and_where_each_thing_is_changed(inside: Walker) -> None:
    inside.holder.email = "ayse@ornek.example"
    inside.holder.save()
    page = text_of(inside)
    assert "+90 5•• ••• •• 67" in page
    assert "a•••@ornek.example" in page
    assert "+905321234567" not in page
    for way in ("telefon", "e-posta", "kilit-cozme"):
        assert f'href="{PAGE}/{way}"' in page


@pytest.mark.parametrize("way", ["telefon", "e-posta", "kilit-cozme"])
def test_what_protects_the_account_asks_for_a_fresh_proof_first(inside: Walker, way: str) -> None:
    asked = inside.get(f"{PAGE}/{way}")["Location"]
    assert asked == f"/dogrulama?sonra=%2Fislemler%2Fbilgilerim%2F{way}"
    assert inside.post(f"{PAGE}/{way}", contact="0532 111 22 33")["Location"].startswith("/dogrulama")
    assert OutboxMessage.objects.filter(to=NEW_PHONE).count() == 0


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for path in ("", "/telefon", "/telefon/kod", "/e-posta", "/kilit-cozme"):
        assert client.get(PAGE + path)["Location"].startswith("/giris")


def test_the_phone_changes_by_codes_to_the_old_and_the_new_number(proved: Walker) -> None:
    codes = [message for message in outbox() if "code" in message]
    page = change_phone(proved)
    assert "Telefon numaranız değişti" in page
    assert "+90 5•• ••• •• 33" in page
    assert "olana kadar yalnız SMS ile kilit çözülemez" in page
    assert codes[0]["to"] == "+905321234567"
    assert [message["to"] for message in outbox()[:3]] == ["+905321234567", NEW_PHONE, NEW_PHONE]


def test_ones_own_session_stays_and_all_others_end(proved: Walker) -> None:
    other = Walker(Client(headers={"accept-language": "tr"}), proved.holder)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        other.sign_in()
        assert other.get("/islemler").status_code == 200
        change_phone(proved)
        assert proved.get("/islemler").status_code == 200
        assert other.get("/islemler")["Location"].startswith("/giris")


def test_a_wrong_code_is_told_at_the_field_and_nothing_has_changed(proved: Walker) -> None:
    proved.post(f"{PAGE}/telefon", contact="0532 111 22 33")
    wrong = "000000" if outbox()[0]["code"] != "000000" else "111111"
    answer = proved.post(f"{PAGE}/telefon/kod", sms_code=wrong)
    assert answer.status_code == 422
    assert "Kalan deneme hakkınız: 4" in answer.content.decode()
    assert Holder.objects.get().phone == "+905321234567"


def test_after_five_wrong_codes_the_number_is_entered_anew(proved: Walker) -> None:
    proved.post(f"{PAGE}/telefon", contact="0532 111 22 33")
    wrong = "000000" if outbox()[0]["code"] != "000000" else "111111"
    last = [proved.post(f"{PAGE}/telefon/kod", sms_code=wrong) for _ in range(5)][-1]
    assert last.status_code == 403
    assert "Kod deneme hakkı bitti" in last.content.decode()
    assert proved.get(f"{PAGE}/telefon/kod")["Location"] == f"{PAGE}/telefon"


@pytest.mark.parametrize("typed", ["0212 123 45 67", "12", "+1 900 555 0199", "0532 123 45 67"])
def test_a_number_that_gets_no_code_is_told_at_the_field(proved: Walker, typed: str) -> None:
    before = OutboxMessage.objects.count()
    answer = proved.post(f"{PAGE}/telefon", contact=typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert OutboxMessage.objects.count() == before


def test_another_code_within_a_minute_is_told_to_wait(proved: Walker) -> None:
    proved.post(f"{PAGE}/telefon", contact="0532 111 22 33")
    assert "Kod az önce gönderildi" in proved.post(f"{PAGE}/telefon/yeni-kod").content.decode()
    answer = proved.post(f"{PAGE}/telefon", contact="0532 444 55 66")
    assert "Beklemeniz gereken süre" in answer.content.decode()
    assert OutboxMessage.objects.filter(to="+905324445566").count() == 0


def test_an_address_is_added_by_a_code_that_comes_by_mail(proved: Walker) -> None:
    asked = proved.client.post(f"{PAGE}/e-posta", {"contact": "ayse@ORNEK.example"}, follow=True)
    assert "E-posta Onay Kodu" in asked.content.decode()
    code = re.findall(r"kodunuz: (\d{6})", OutboxMail.objects.get().text)[0]
    wrong = "000000" if code != "000000" else "111111"
    assert (
        "Son gelen e-postadaki kodu yazın"
        in proved.post(f"{PAGE}/e-posta/kod", sms_code=wrong).content.decode()
    )
    page = proved.client.post(f"{PAGE}/e-posta/kod", {"sms_code": code}, follow=True).content.decode()
    assert "a•••@ornek.example" in page
    assert Holder.objects.get().email == "ayse@ornek.example"


def test_where_no_mail_is_sent_no_address_is_asked_for(proved: Walker, settings: Settings) -> None:
    settings.KILITCOZ_SMS_GATEWAY = "console"
    assert "e-posta" not in re.findall(rf'href="{PAGE}/([a-z-]+)"', text_of(proved))
    refused = proved.post(f"{PAGE}/e-posta", contact="ayse@ornek.example")
    assert refused.status_code == 422
    assert "Bu kurulum e-posta göndermiyor." in refused.content.decode()


def test_a_wrong_address_is_told_at_the_field(proved: Walker) -> None:
    answer = proved.post(f"{PAGE}/e-posta", contact="ayse@")
    assert answer.status_code == 422
    assert "Bu bir e-posta adresi değil" in answer.content.decode()


def test_the_language_of_messages_is_chosen_and_used(inside: Walker) -> None:
    inside.post(f"{PAGE}/dil", message_language="en")
    inside.post(f"{PAGE}/dil", message_language="xx")
    assert Holder.objects.get().language == "en"
    inside.step_up()
    assert "your code for changing your account is" in outbox()[0]["text"]
    again = Walker(Client(headers={"accept-language": "tr"}), inside.holder)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        again.enter_word()
        again.ask_for_code()
    assert "your login code is" in outbox()[0]["text"]


def test_who_chose_no_language_sees_marked_what_messages_follow_the_page(walker: Walker) -> None:
    walker.sign_in()
    page = walker.client.get(PAGE, headers={"accept-language": "en"}).content.decode()
    assert 'value="en" checked' in page


def test_remote_unlock_is_turned_off_and_on_again_after_72_hours(proved: Walker) -> None:
    card_of(proved.holder)
    assert "kapat" in text_of(proved, f"{PAGE}/kilit-cozme")
    proved.post(f"{PAGE}/kilit-cozme", allowed="0")
    assert "Çevrim içi kilit çözme kapalı" in text_of(proved, "/islemler/kilit-cozme")
    proved.post(f"{PAGE}/kilit-cozme", allowed="1")
    held = proved.get("/islemler/kilit-cozme")
    assert held.status_code == 403
    assert "Ne zamana kadar" in held.content.decode()
    assert "Çevrim içi kilit çözmeyi yeniden açtınız" in text_of(proved)


def test_a10_the_unlock_page_says_until_when_and_what_else_helps(proved: Walker) -> None:
    card_of(proved.holder)
    change_phone(proved)
    for answer in (proved.get("/islemler/kilit-cozme"), proved.start_unlock()):
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Ne zamana kadar" in page
        assert "geçiş anahtarıyla" in page
        assert "0850 000 00 00" in page


def test_a_frozen_holder_sees_what_is_frozen_and_what_to_do(proved: Walker) -> None:
    card_of(proved.holder)
    freezing.freeze(proved.holder.pk, timezone.now(), kind="new-browser")
    page = text_of(proved)
    assert "Hesabınız dondurulmuş" in page
    assert "değiştir</a>" not in page
    assert "E-posta ekle" not in page
    for path in (f"{PAGE}/telefon", f"{PAGE}/e-posta", f"{PAGE}/kilit-cozme", "/islemler/kilit-cozme"):
        refused = proved.get(path)
        assert refused.status_code == 403
        assert "çağrı merkezini arayın: 0850 000 00 00" in refused.content.decode()
