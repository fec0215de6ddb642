"""Figures 2 to 5 over HTTP: what opens, what is refused, and what nobody learns."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from portal.tests.pages.walking import Walker
from portal.tests.people import AYSE_WORD
from stdnum.tr import tckimlik

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import HumanCheck, WordEntries
from kilitcoz_portal.signin.words import subject_of
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.django_db
BY_CHANCE = {"X-Request-Id"}


def unknown_numbers(count: int) -> list[str]:
    """Valid T.C. numbers that nobody is enrolled under."""
    found = (str(number) for number in range(30000000000, 30009000000) if tckimlik.is_valid(str(number)))
    return [next(found) for _ in range(count)]


def enrolled_under(id_numbers: list[str], like: Holder) -> None:
    """Holders with these numbers, and everything else as this one has it."""
    columns = {"name": like.name, "phone": like.phone, "security_word_hash": like.security_word_hash}
    Holder.objects.bulk_create(
        Holder(id_number=number, id_kind=like.id_kind, created_at=like.created_at, **columns)
        for number in id_numbers
    )


def closed_for(id_numbers: list[str]) -> None:
    """The strangers' lane of these numbers is closed."""
    now = timezone.now()
    WordEntries.objects.bulk_create(
        WordEntries(subject=subject_of(number), lane="unknown", wrong=3, tries=3, last_at=now, next_at=now)
        for number in id_numbers
    )


def without_chance(response: Any) -> str:
    """The body without what differs from request to request: tokens, the new check, what was typed."""
    body = response.content.decode()
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)
    body = re.sub(r"kontrol/[\w-]{22}/", "", body)
    body = re.sub(r'name="check" value="[^"]+"', "", body)
    return re.sub(r'name="id_number" value="\d+"', "", body)


def test_figures_3_to_5_lead_to_the_menu(walker: Walker) -> None:
    assert walker.enter_word()["Location"] == "/giris/sms"
    phone = walker.get("/giris/sms").content.decode()
    assert "+90 5•• ••• •• 67" in phone
    assert walker.holder.phone not in phone
    code = walker.ask_for_code()
    assert re.search(r'data-countdown="(300|29\d)"', walker.get("/giris/sms/kod").content.decode())
    assert walker.post("/giris/sms/kod", sms_code=f" {code[:3]} {code[3:]} ")["Location"] == "/islemler"
    assert "Sayın <strong>Ayşe Yılmaz</strong>" in walker.get("/islemler").content.decode()


def test_a01_three_wrong_words_block_with_the_manuals_message(walker: Walker) -> None:
    for _ in range(3):
        refused = walker.enter_word("yanlış").content.decode()
        assert "Üç yanlış girişte sözcük kapanır" in refused
        assert "0850 000 00 00" in refused
    assert walker.enter_word(AYSE_WORD).status_code == 422


def test_a03_wrong_tries_without_a_solved_check_are_not_counted(walker: Walker) -> None:
    for _ in range(5):
        refused = walker.enter_word("yanlış", picture_text="XXXXX")
        assert "Resimdeki yazı tutmadı" in refused.content.decode()
    assert not WordEntries.objects.exists()
    assert walker.enter_word()["Location"] == "/giris/sms"


def test_a03_a_solved_check_serves_one_try(walker: Walker) -> None:
    page = walker.get("/giris/sifreli").content.decode()
    check = re.findall(r'name="check" value="([^"]+)"', page)[0]
    text = HumanCheck.objects.get(pk=check).picture_text
    walker.enter_word("yanlış", check=check, picture_text=text)
    again = walker.enter_word("yanlış", check=check, picture_text=text)
    assert "Resmin süresi doldu" in again.content.decode()
    assert WordEntries.objects.get().wrong == 1


def test_a04_body_status_and_headers_are_the_same_for_known_unknown_and_blocked(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "KILITCOZ_WRONG_WORDS_HOURLY", 10_000)
    numbers = unknown_numbers(1500)
    kinds = {"known": numbers[::3], "unknown": numbers[1::3], "blocked": numbers[2::3]}
    enrolled_under(kinds["known"] + kinds["blocked"], walker.holder)
    closed_for(kinds["blocked"])
    seen: dict[str, set[Any]] = {kind: set() for kind in kinds}
    page = walker.get("/giris/sifreli")
    for each in zip(*kinds.values(), strict=True):
        for kind, id_number in zip(kinds, each, strict=True):
            page = walker.enter_word_on(page, "yanlış", id_number=id_number)
            headers = frozenset((name, value) for name, value in page.items() if name not in BY_CHANCE)
            seen[kind].add((page.status_code, headers, frozenset(page.cookies), without_chance(page)))
    assert seen["known"] == seen["unknown"] == seen["blocked"]
    assert len(seen["known"]) == 1
    assert not OutboxMessage.objects.exists()


def test_a12_nothing_is_sent_before_the_right_word(walker: Walker) -> None:
    walker.enter_word("yanlış")
    assert walker.post("/giris/sms")["Location"] == "/giris/sifreli"
    assert walker.get("/giris/sms")["Location"] == "/giris/sifreli"
    assert walker.post("/giris/sms/yeni-kod")["Location"] == "/giris/sifreli"
    for _ in range(20):
        assert walker.get("/giris/sifreli/sozcugumu-unuttum").status_code == 200
    assert not OutboxMessage.objects.exists()


def test_a06_a_code_does_not_help_another_browser(walker: Walker) -> None:
    walker.enter_word()
    code = walker.ask_for_code()
    kerem = Walker(Client(), walker.holder)
    assert kerem.post("/giris/sms/kod", sms_code=code)["Location"] == "/giris/sifreli"
    assert kerem.get("/islemler").status_code == 302


def test_the_same_holder_in_two_browsers_needs_two_codes(walker: Walker) -> None:
    walker.enter_word()
    code = walker.ask_for_code()
    second = Walker(Client(), walker.holder)
    second.enter_word()
    second.post("/giris/sms")  # too soon after the first: nothing is sent
    assert second.post("/giris/sms/kod", sms_code=code)["Location"] == "/giris/sms"
    assert OutboxMessage.objects.count() == 1


def test_a08_five_wrong_codes_lead_back_to_the_word(walker: Walker) -> None:
    walker.enter_word()
    code = walker.ask_for_code()
    wrong = "000000" if code != "000000" else "000001"
    for left in (4, 3, 2, 1):
        page = walker.post("/giris/sms/kod", sms_code=wrong)
        assert page.status_code == 422
        assert f"Kalan deneme hakkınız: {left}." in page.content.decode()
    assert "Kod deneme hakkı bitti" in walker.post("/giris/sms/kod", sms_code=wrong).content.decode()
    assert walker.post("/giris/sms/kod", sms_code=code)["Location"] == "/giris/sifreli"


def test_a08_a_late_code_is_told_as_late(walker: Walker) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.enter_word()
        code = walker.ask_for_code()
        clock.shift(301)
        assert "Kodun süresi doldu" in walker.post("/giris/sms/kod", sms_code=code).content.decode()
        assert walker.post("/giris/sms/yeni-kod")["Location"] == "/giris/sms/kod"
        assert walker.post("/giris/sms/kod", sms_code=outbox()[0]["code"])["Location"] == "/islemler"


def test_a_code_asked_again_too_soon_is_told_with_the_seconds_to_wait(walker: Walker) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.enter_word()
        walker.ask_for_code()
        clock.shift(20)
        page = walker.post("/giris/sms/yeni-kod")
        assert page.status_code == 422
        assert "Beklemeniz gereken süre: 40 saniye." in page.content.decode()
        assert (
            walker.post("/giris/sms")["Location"] == "/giris/sms/kod"
        )  # "Onay" once more: the code still counts
        assert OutboxMessage.objects.count() == 1


def test_a_text_that_cannot_be_a_code_costs_no_try(walker: Walker) -> None:
    walker.enter_word()
    walker.ask_for_code()
    for typed in ("", "12345", "1234567", "12345a", "١٢٣٤٥٦"):
        page = walker.post("/giris/sms/kod", sms_code=typed).content.decode()
        assert 'id="id_sms_code_error"' in page
    assert not AuditEvent.objects.filter(event="code-refused").exists()


def test_a_refused_form_keeps_the_number_and_asks_for_the_new_pictures_text(walker: Walker) -> None:
    page = walker.enter_word("yanlış").content.decode()
    assert 'name="id_number" value="10000000146"' in page
    assert not re.search(r'name="picture_text" value=', page)


def test_a_form_of_wrong_shape_keeps_its_check_and_what_was_typed_for_it(walker: Walker) -> None:
    page = walker.enter_word("", picture_text="abcde").content.decode()
    first = HumanCheck.objects.get()
    assert f'name="check" value="{first.pk}"' in page
    assert 'name="picture_text" value="abcde"' in page


@pytest.mark.parametrize("check", ["../../x", "x", "", "ı" * 22, "\x00"])
def test_an_invented_check_gets_a_new_one(walker: Walker, check: str) -> None:
    page = walker.enter_word("", check=check)
    assert page.status_code == 422
    assert HumanCheck.objects.count() == 2


def test_the_word_is_never_sent_back(walker: Walker) -> None:
    assert "yanlışsözcük" not in walker.enter_word("yanlışsözcük").content.decode()


def test_a_signed_in_visitor_is_not_asked_again(walker: Walker) -> None:
    walker.sign_in()
    assert walker.get("/giris")["Location"] == "/islemler"
    assert walker.get("/giris/sifreli")["Location"] == "/islemler"


def test_leaving_closes_the_session(walker: Walker) -> None:
    walker.sign_in()
    assert walker.post("/cikis")["Location"] == "/giris?durum=cikildi"
    assert "Çıkış yaptınız" in walker.get("/giris?durum=cikildi").content.decode()
    assert walker.get("/islemler")["Location"] == "/giris?durum=oturum-kapandi"
    assert AuditEvent.objects.filter(event="signed-out").count() == 1


def test_ten_idle_minutes_close_it_too(walker: Walker) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.sign_in()
        clock.shift(601)
        location = walker.get("/islemler")["Location"]
        assert location == "/giris?durum=oturum-kapandi"
        assert "Oturumunuz kapandı" in walker.get(location).content.decode()


def test_signing_in_changes_the_sessions_key(walker: Walker) -> None:
    walker.get("/giris/sifreli")
    before = walker.client.cookies["kilitcoz"].value
    walker.sign_in()
    assert walker.client.cookies["kilitcoz"].value != before


def test_a_form_without_its_token_is_refused_in_words(walker: Walker) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "tr"})
    refused = strict.post("/giris/sifreli", {"id_number": "10000000146"})
    assert refused.status_code == 403
    assert "Sayfa eskimiş" in refused.content.decode()


def test_a_new_picture_without_javascript(walker: Walker) -> None:
    page = walker.post("/giris/sifreli", new_picture="1")
    assert page.status_code == 200
    assert "Bir sorun var" not in page.content.decode()


def test_the_checks_parts_are_the_browsers_own(walker: Walker) -> None:
    check = walker.post("/giris/kontrol").json()["check"]
    for part, kind in (("resim.png", "image/png"), ("ses.wav", "audio/wav"), ("is.json", "application/json")):
        assert walker.get(f"/giris/kontrol/{check}/{part}")["Content-Type"] == kind
        assert Client().get(f"/giris/kontrol/{check}/{part}").status_code == 404
