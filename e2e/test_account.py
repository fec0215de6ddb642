"""A stranger in Ayşe's session changes her phone; the notice on her old one is enough to stop all of it."""

import re
from dataclasses import dataclass, replace

import pytest
from demo.cast import AYSE
from playwright.sync_api import Browser, expect

from e2e.accessibility import look_closely
from e2e.hands import Hands, Keyboard, Mouse
from e2e.installation import Enrolled, Installation
from e2e.profile import DESKTOP, PHONE, profile
from e2e.walk import Walk
from e2e.words import ENGLISH, TURKISH, Words


@dataclass(frozen=True)
class Labels:
    """What these pages say, in one language; literal, so that a change in the programs is noticed."""

    menu: str
    personal_data: str
    change: str
    new_phone: str
    send: str
    changed: str
    told: str
    kept: str
    not_me: str
    frozen_now: str
    ended: str
    frozen: str


LABELS = {
    "tr": Labels(
        menu="İşlemler Menüsü",
        personal_data="Kişisel Bilgilerimi Güncelle",
        change="Telefonu değiştir",
        new_phone="Yeni cep telefonunuz",
        send="Kod gönder",
        changed="Telefon numaranız değişti",
        told="telefon numaranız değişti",
        kept="Hakkımda tutulanları gör ve indir",
        not_me="Bu ben değildim",
        frozen_now="Hesabınız donduruldu",
        ended="Oturumunuz kapandı",
        frozen="Hesabınız dondurulmuş",
    ),
    "en": Labels(
        menu="Services Menu",
        personal_data="Update My Personal Data",
        change="Change the phone",
        new_phone="Your new mobile phone",
        send="Send the code",
        changed="Your phone number was changed",
        told="your phone number was changed",
        kept="See and download what is kept about me",
        not_me="It was not me",
        frozen_now="Your account was frozen",
        ended="Your session has ended",
        frozen="Your account is frozen",
    ),
}


@pytest.mark.parametrize(
    ("words", "size", "hands"),
    [(TURKISH, DESKTOP, Mouse()), (ENGLISH, PHONE, Keyboard())],
    ids=["turkish-desktop-mouse", "english-phone-keyboard"],
)
def test_a10_the_old_phone_is_told_of_the_new_one_and_its_link_stops_the_unlock(
    place: Installation, browser: Browser, words: Words, size: tuple[int, int], hands: Hands
) -> None:
    ayse, labels = place.enrol(AYSE.name), LABELS[words.language]
    old, new = ayse.person.phone, ayse.person.phone.replace("+90532", "+90533")
    with profile(browser, size, patience=10_000) as kerems, profile(browser, size, patience=10_000) as ayses:
        stranger = Walk(place, kerems.new_page(), ayse, words, hands, look_closely)
        begin_an_unlock(stranger)
        change_phone(stranger, labels, new)
        for phone in (old, new):
            assert labels.told in place.messages(phone)[0]
        press_the_link_of(old, Walk(place, ayses.new_page(), ayse, words, hands), labels)
        stranger.page.reload()
        stranger.says(labels.ended)
        assert state_of_unlock(place, ayse) == "cancelled"
        ayse.person = replace(ayse.person, phone=new)
        try_an_unlock(Walk(place, ayses.new_page(), ayse, words, hands), labels)


def begin_an_unlock(walk: Walk) -> None:
    """Signed in, up to where a card service would go on."""
    walk.to_the_menu()
    let_sms_rest(walk)
    walk.begin_unlock()
    walk.enter_code()
    expect(walk.button(walk.words.open_local_page)).to_be_visible()


def change_phone(walk: Walk, labels: Labels, new: str) -> None:
    """By a code to the old number, then one to the new."""
    walk.hands.press(walk.button(labels.menu).first)
    walk.hands.press(walk.button(labels.personal_data))
    expect(walk.button(labels.kept)).to_be_visible()
    walk.look(walk.page, "personal data")
    let_sms_rest(walk)
    walk.hands.press(walk.button(labels.change))
    walk.hands.press(walk.button(walk.words.confirm))
    walk.enter_code()
    expect(walk.box(labels.new_phone)).to_be_visible()
    walk.look(walk.page, "new phone")
    walk.hands.write(walk.box(labels.new_phone), new.replace("+90", "0"))
    walk.hands.press(walk.button(labels.send))
    expect(walk.page.get_by_role("timer")).to_be_visible()
    walk.enter_code(walk.place.newest_code(new))
    expect(walk.page.get_by_role("status").filter(has_text=labels.changed)).to_be_focused()
    walk.look(walk.page, "phone changed")
    walk.hands.press(walk.button(labels.kept))
    walk.says(new)
    walk.look(walk.page, "what is kept")


def press_the_link_of(phone: str, walk: Walk, labels: Labels) -> None:
    """In a browser that nobody is signed in with: what the link shows, and its one button."""
    assert isinstance(walk.place, Installation)
    link = re.findall(r"/b/[\w-]{22}", walk.place.messages(phone)[0])[0]
    walk.page.goto(f"{walk.place.origin}{link}")
    if walk.words is not TURKISH:
        walk.hands.press(walk.page.locator(f"button[lang={walk.words.language}]"))
    walk.says(labels.changed)
    look_closely(walk.page, "undo")
    walk.hands.press(walk.button(labels.not_me))
    expect(walk.page.get_by_role("status").filter(has_text=labels.frozen_now)).to_be_focused()
    look_closely(walk.page, "undone")


def try_an_unlock(walk: Walk, labels: Labels) -> None:
    """Who signs in now sees why nothing goes on and whom to call."""
    let_sms_rest(walk)
    walk.to_the_menu()
    walk.hands.press(walk.button(walk.words.unlock))
    expect(walk.page.get_by_role("heading", name=labels.frozen)).to_be_visible()
    look_closely(walk.page, "frozen")
    walk.hands.press(walk.button(labels.menu).first)
    walk.hands.press(walk.button(labels.personal_data))
    walk.says(labels.frozen)
    expect(walk.button(labels.change)).to_have_count(0)
    look_closely(walk.page, "personal data, frozen")


def let_sms_rest(walk: Walk) -> None:
    assert isinstance(walk.place, Installation)
    walk.place.let_sms_rest()


def state_of_unlock(place: Installation, holder: Enrolled) -> str:
    """Of the holder's only operation."""
    with place.database() as database:
        query = (
            "SELECT state FROM operations_operation JOIN holders_holder ON holder_id = holders_holder.id "
            "WHERE id_number = ?"
        )
        row: tuple[str] = database.execute(query, (holder.person.id_number,)).fetchone()
    return row[0]
