"""The security word in a real browser: forgotten and got back alone, then changed; by mouse and keyboard."""

import re
from dataclasses import dataclass

import pytest
from demo.cast import AYSE
from playwright.sync_api import Browser, Page, expect

from e2e.accessibility import look_closely
from e2e.hands import Hands, Keyboard, Mouse
from e2e.installation import Installation
from e2e.profile import DESKTOP, PHONE, profile
from e2e.walk import Walk
from e2e.words import ENGLISH, TURKISH, Words

OWN_WORD = "turuncu yelken açtı"


@dataclass(frozen=True)
class Labels:
    """What these pages say, in one language; literal, so that a change in the programs is noticed."""

    proceed: str
    release: str
    use_offered: str
    log_in: str
    change: str
    current: str
    new: str
    again: str
    use_own: str
    show: str
    too_common: str
    changed: str


LABELS = {
    "tr": Labels(
        proceed="Devam",
        release="Çağrı Merkezi Kodu",
        use_offered="Bu sözcüğü kullan",
        log_in="Yeni sözcükle giriş yap",
        change="Güvenlik Sözcüğümü Değiştir",
        current="Şu anki Güvenlik Sözcüğü",
        new="Yeni Güvenlik Sözcüğü",
        again="Yeni Güvenlik Sözcüğü (Tekrar)",
        use_own="Kendi sözcüğümü kullan",
        show="Yazdığımı göster",
        too_common="çok kişi seçiyor",
        changed="Güvenlik sözcüğünüz değişti",
    ),
    "en": Labels(
        proceed="Continue",
        release="Call Centre Code",
        use_offered="Use this word",
        log_in="Log in with the new word",
        change="Change My Security Word",
        current="Current Security Word",
        new="New Security Word",
        again="New Security Word (again)",
        use_own="Use my own word",
        show="Show what I type",
        too_common="Many people choose it",
        changed="Your security word was changed",
    ),
}


@pytest.mark.parametrize(
    ("words", "size", "hands"),
    [(TURKISH, DESKTOP, Mouse()), (ENGLISH, PHONE, Keyboard())],
    ids=["turkish-desktop-mouse", "english-phone-keyboard"],
)
def test_ayse_forgot_her_word_gets_a_new_one_and_changes_it(
    place: Installation, browser: Browser, words: Words, size: tuple[int, int], hands: Hands
) -> None:
    ayse, labels = place.enrol(AYSE.name), LABELS[words.language]
    with profile(browser, size, patience=10_000) as context:
        walk = Walk(place, context.new_page(), ayse, words, hands, look_closely)
        ayse.word = get_a_new_word(walk, labels)
        walk.log_in()
        walk.confirm_phone()
        walk.enter_code()
        walk.see_the_menu()
        change_it(walk, labels)


def get_a_new_word(walk: Walk, labels: Labels) -> str:
    """From figure 3 to a random word, by the call centre's code; the word."""
    page, place = walk.page, walk.place
    assert isinstance(place, Installation)
    to_the_proof(walk, labels)
    number = walk.holder.person.id_number
    release = place.portal.command("holder", "release-word", "--id-number", number, "--by", "Zeynep Kaya")
    press_after(walk, labels.release, release.strip(), labels.proceed)
    walk.confirm_phone()
    walk.enter_code()
    offered = page.locator(".offered")
    expect(offered).to_be_visible()
    look_closely(page, "new word")
    word = offered.inner_text()
    walk.hands.press(walk.button(labels.use_offered))
    expect(page.get_by_role("heading", name=labels.changed)).to_be_visible()
    look_closely(page, "word renewed")
    assert word not in page.content()
    walk.hands.press(walk.button(labels.log_in))
    return word


def to_the_proof(walk: Walk, labels: Labels) -> None:
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.to_the_login()
    walk.hands.press(walk.button(walk.words.word_forgotten))
    expect(walk.button(labels.proceed)).to_be_visible()
    look_closely(walk.page, "forgotten")
    walk.hands.write(walk.box(walk.words.id_number), walk.holder.person.id_number)
    check = walk.page.locator("input[name=check]").input_value()
    walk.hands.write(walk.box(walk.words.picture_text), walk.place.picture_text(check))
    walk.hands.press(walk.button(labels.proceed))
    expect(walk.box(labels.release)).to_be_visible()
    look_closely(walk.page, "second proof")


def press_after(walk: Walk, label: str, text: str, button: str) -> None:
    """Fill one field and send its form."""
    walk.hands.write(walk.box(label), text)
    walk.hands.press(walk.button(button))


def change_it(walk: Walk, labels: Labels) -> None:
    """From the menu, behind a fresh proof: a common word is refused, the holder's own is taken."""
    page, place = walk.page, walk.place
    assert isinstance(place, Installation)
    walk.hands.press(walk.button(labels.change))
    walk.hands.press(walk.button(walk.words.confirm))
    walk.enter_code()
    expect(walk.box(labels.current)).to_be_visible()
    look_closely(page, "current word")
    press_after(walk, labels.current, walk.holder.word, labels.proceed)
    choose(walk, labels, "Galatasaray1905")
    walk.problem(labels.too_common)
    walk.hands.press(page.get_by_role("button", name=labels.show).first)
    expect(walk.box(labels.new)).to_have_attribute("type", "text")
    choose(walk, labels, OWN_WORD)
    expect(page.get_by_role("heading", name=labels.changed)).to_be_visible()
    told = place.messages(walk.holder.person.phone)
    assert re.search(r"/b/[\w-]{22}", told[0]), "the change was told with its undo link"


def choose(walk: Walk, labels: Labels, word: str) -> None:
    walk.hands.write(walk.box(labels.new), word)
    walk.hands.write(walk.box(labels.again), word)
    walk.hands.press(walk.button(labels.use_own))


def test_the_link_in_the_email_brings_its_code_to_the_page_and_leaves_no_trace_of_it(
    place: Installation, page: Page
) -> None:
    ayse = place.enrol(AYSE.name)
    with place.database() as database:
        database.execute(
            "UPDATE holders_holder SET email = 'ayse@ornek.example', application_number = '2026/4711' "
            "WHERE id_number = ?",
            (ayse.person.id_number,),
        )
    walk = Walk(place, page, ayse)
    to_the_proof(walk, LABELS["tr"])
    press_after(walk, "Başvuru No", "2026/4711", "E-posta gönder")
    expect(walk.box("E-posta Kodu")).to_be_visible()
    look_closely(page, "letter")
    with place.database() as database:
        query = "SELECT text FROM mail_outboxmail WHERE purpose = 'word' ORDER BY id DESC LIMIT 1"
        link = re.findall(r"http\S+#(\w{8})\n", database.execute(query).fetchone()[0])[0]
    from_the_mail = page.context.new_page()
    from_the_mail.goto(f"{page.url}#{link}")
    expect(walk.box("E-posta Kodu", from_the_mail)).to_have_value(link)
    assert "#" not in from_the_mail.url
    walk.hands.press(walk.button("Devam", from_the_mail))
    expect(from_the_mail).to_have_url(re.compile(r"/sms$"))
