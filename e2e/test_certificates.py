"""Suspended, opened again, revoked: by the holder who is signed in, and by one who lost the card."""

import pytest
from demo.cast import AYSE
from playwright.sync_api import Browser, Page

from e2e import certificates
from e2e.accessibility import look_closely
from e2e.hands import Keyboard
from e2e.installation import Installation
from e2e.new_card import by_post, found
from e2e.profile import PHONE, profile
from e2e.walk import Walk
from e2e.words import ENGLISH


@pytest.fixture(scope="module")
def founded(place: Installation) -> Installation:
    """The key ceremony has been held."""
    found(place)
    return place


def test_a39_ayse_suspends_opens_and_revokes_and_everybody_sees_each_of_it(
    founded: Installation, page: Page
) -> None:
    walk = Walk(founded, page, by_post(founded, AYSE.name), look=look_closely)
    words, number = certificates.words_of(walk), newest_serial_number(founded)
    walk.to_the_menu()
    certificates.see_list(walk, words.waiting)
    certificates.suspend(walk)
    certificates.see_what_all_see(walk, number, words.suspended)
    certificates.resume(walk, becomes=words.waiting)
    certificates.revoke(walk)
    certificates.see_list(walk, words.revoked)
    certificates.see_what_all_see(walk, number, words.revoked)


def test_a_lost_card_is_suspended_by_the_phone_alone_without_a_mouse(
    founded: Installation, browser: Browser
) -> None:
    with profile(browser, PHONE) as context:
        ayse = by_post(founded, AYSE.name)
        walk = Walk(founded, context.new_page(), ayse, ENGLISH, Keyboard(), look_closely)
        certificates.tell_of_loss(walk)
        words = certificates.words_of(walk)
        certificates.see_what_all_see(walk, newest_serial_number(founded), words.suspended)


def newest_serial_number(place: Installation) -> str:
    """Of the certificate made last."""
    with place.database() as database:
        query = "SELECT serial_number FROM certificates_certificate ORDER BY id DESC LIMIT 1"
        row: tuple[str] = database.execute(query).fetchone()
    return row[0]
