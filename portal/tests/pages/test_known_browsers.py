"""Figure 3 in a browser that is known, and in one that comes too fast, too often, or in a crowd."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from portal.tests.holders.crowd import crowded
from portal.tests.pages.test_signing_in import unknown_numbers, without_chance
from portal.tests.pages.walking import Walker
from portal.tests.people import MEHMET_WORD

from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.holders.turns import Turns
from kilitcoz_portal.signin import tries
from kilitcoz_portal.signin.models import HumanCheck, WordEntries

pytestmark = pytest.mark.django_db


def test_a01_a_trusted_browser_opens_without_a_check_when_strangers_closed_their_lane(walker: Walker) -> None:
    walker.sign_in()
    walker.post("/cikis")
    kerem = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    for _ in range(4):
        assert kerem.enter_word("yanlış").status_code == 422
    assert 'name="check"' not in walker.get("/giris/sifreli").content.decode()
    assert walker.enter_word()["Location"] == "/giris/sms"


def test_a_trusted_browser_is_told_its_tries_and_after_the_third_gets_a_check(walker: Walker) -> None:
    walker.sign_in()
    walker.post("/cikis")
    for left in (2, 1, 0):
        page = walker.enter_word("yanlış").content.decode()
        assert f"Kalan deneme hakkınız: {left}." in page
        assert ('name="check"' in page) == (left == 0)
    page = walker.enter_word("yanlış").content.decode()
    assert "Kalan deneme hakkınız" not in page
    assert 'name="check"' in page


def test_a_trusted_browser_needs_a_check_for_any_other_number_whether_enrolled_or_not(
    walker: Walker, mehmet: Holder
) -> None:
    walker.sign_in()
    walker.post("/cikis")
    pages = [
        walker.post("/giris/sifreli", id_number=number, word="yanlış")
        for number in (mehmet.id_number, *unknown_numbers(1))
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert without_chance(pages[0]) == without_chance(pages[1])
    assert "Bu numarayla bu tarayıcıdan ilk giriş" in pages[0].content.decode()
    assert not WordEntries.objects.filter(wrong__gt=0).exists()
    assert walker.enter_word_on(pages[0], MEHMET_WORD, mehmet.id_number)["Location"] == "/giris/sms"


def test_the_cookie_of_a_trusted_browser_is_kept_from_scripts_and_other_sites(walker: Walker) -> None:
    cookie = walker.sign_in().cookies[settings.TRUST_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 400 * 24 * 3600
    assert walker.holder.id_number not in cookie.value


def test_what_came_too_soon_keeps_the_check_and_says_how_long_to_wait(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "PAUSES", (timedelta(0), timedelta(seconds=30)))
    for _ in range(2):
        walker.enter_word("yanlış")
    page = walker.enter_word()
    assert page.status_code == 429
    assert "Biraz bekleyin" in page.content.decode()
    assert re.search(r"Beklemeniz gereken süre: (29|30) saniye", page.content.decode())
    shown = HumanCheck.objects.get(pk=re.findall(r'name="check" value="([^"]+)"', page.content.decode())[0])
    assert f'name="picture_text" value="{shown.picture_text}"' in page.content.decode()
    monkeypatch.setattr(tries, "CLOCKS_APART", timedelta(seconds=31))
    assert walker.enter_word_on(page)["Location"] == "/giris/sms"


def test_where_all_turns_are_taken_the_same_form_may_be_sent_again(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(1, seats=1)
    monkeypatch.setattr(security_word, "TURNS", turns)
    with crowded(turns):
        page = walker.enter_word()
    assert (page.status_code, page["Retry-After"]) == (429, "15")
    assert "Şu anda çok kişi giriş yapıyor" in page.content.decode()
    assert walker.enter_word_on(page)["Location"] == "/giris/sms"
