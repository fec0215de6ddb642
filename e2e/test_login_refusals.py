"""Wrong, late and unreadable at the login: each time a page that says what happened and what to do."""

import re

import pytest
from demo.cast import AYSE, CALL_CENTRE
from playwright.sync_api import Browser, Page, expect

from e2e.installation import Installation
from e2e.profile import profile
from e2e.walk import Walk
from e2e.words import TURKISH


@pytest.fixture
def walk(place: Installation, page: Page) -> Walk:
    """Ayşe in her browser; a login needs no card place."""
    return Walk(place, page, place.enrol(AYSE.name))


def test_a_wrong_word_is_told_with_the_call_centre_and_the_focus_goes_to_the_problem(walk: Walk) -> None:
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.to_the_login()
    walk.log_in(word="elma armut kiraz")
    walk.problem("Giriş yapılamadı", CALL_CENTRE)
    expect(walk.page.get_by_role("alert")).to_be_focused()


def test_a01_three_wrong_words_close_the_strangers_lane_and_the_holders_own_browser_opens(
    walk: Walk, place: Installation, browser: Browser
) -> None:
    walk.to_the_menu()
    walk.log_out()
    with profile(browser, locale="tr-TR") as context:
        stranger = Walk(place, context.new_page(), walk.holder)
        stranger.to_the_front()
        stranger.to_the_ways_in()
        stranger.to_the_login()
        for _ in range(3):
            stranger.log_in(word="elma armut kiraz")
            stranger.problem("Giriş yapılamadı", "çağrı merkezini arayın")
            place.let_tries_rest()
        stranger.log_in()
        stranger.problem("Giriş yapılamadı", "Üç yanlış girişte sözcük kapanır")
    walk.to_the_login()
    expect(walk.box(TURKISH.picture_text)).to_be_hidden()
    place.let_sms_rest()
    walk.log_in(word="elma armut kiraz")
    walk.problem("Kalan deneme hakkınız: 2.")
    walk.log_in()
    walk.confirm_phone()


def test_tries_that_come_too_fast_are_held_back_and_the_button_says_how_long(
    walk: Walk, page: Page, place: Installation
) -> None:
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.to_the_login()
    for _ in range(2):
        walk.log_in(word="elma armut kiraz")
        walk.problem("Giriş yapılamadı")
    place.let_tries_take(30)
    walk.log_in()
    walk.problem("Biraz bekleyin", "hakkınızdan düşülmedi")
    expect(page.get_by_role("button", name=re.compile(r"Giriş \(\d+ saniye sonra\)"))).to_be_disabled()
    place.let_tries_rest()
    page.goto(f"{place.origin}/giris/sifreli")
    walk.log_in()
    walk.confirm_phone()


def test_a_wrong_picture_text_costs_no_try_of_the_word(walk: Walk) -> None:
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.to_the_login()
    for _ in range(3):
        walk.log_in(picture_text="XXXXX", word="elma armut kiraz")
        walk.problem("Resimdeki yazı tutmadı", "hakkınızdan düşülmedi")
    walk.log_in()
    walk.confirm_phone()


def test_a_slip_in_the_id_number_is_pointed_out_while_typing_and_may_be_sent_all_the_same(walk: Walk) -> None:
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.to_the_login()
    walk.hands.write(walk.box(TURKISH.id_number), "10000000147")
    walk.hands.press(walk.box(TURKISH.word))
    walk.says("Bu numarada bir rakam yanlış görünüyor.")
    walk.log_in(id_number="10000000147")
    walk.problem("Giriş yapılamadı")


def test_who_cannot_read_the_picture_lets_the_computer_prove_itself(walk: Walk, page: Page) -> None:
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.to_the_login()
    walk.hands.press(walk.button(TURKISH.prove))
    expect(page.get_by_text(TURKISH.proved)).to_be_visible(timeout=60_000)
    walk.hands.write(walk.box(TURKISH.id_number), walk.holder.person.id_number)
    walk.hands.write(walk.box(TURKISH.word), walk.holder.word)
    walk.hands.press(walk.button(TURKISH.sign_in))
    walk.confirm_phone()


def test_a_wrong_code_is_told_and_the_right_one_still_works(walk: Walk, place: Installation) -> None:
    walk.to_the_code()
    right = place.newest_code(walk.holder.person.phone)
    walk.enter_code("000000" if right != "000000" else "111111")
    walk.problem("Kod yanlış")
    walk.enter_code(right)
    walk.see_the_menu()


def test_a_late_code_is_told_and_another_one_is_offered(walk: Walk, place: Installation) -> None:
    walk.to_the_code()
    place.let_codes_grow_old()
    walk.enter_code(place.newest_code(walk.holder.person.phone))
    walk.problem("Kodun süresi doldu", "Yeni kod isteyin")
    expect(walk.page.get_by_role("button", name="Yeni kod iste")).to_be_visible()


def test_a_passport_number_opens_the_same_door(walk: Walk) -> None:
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.to_the_login()
    walk.log_in(id_number="u12345678")
    walk.problem("Giriş yapılamadı")
