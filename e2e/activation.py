""" "Kullanıma Aç", step by step, as a holder walks it from the menu on: the first PIN, and the receipt."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from e2e.walk import Walk


@dataclass(frozen=True)
class ActivationWords:
    """What the pages of an activation say, where an unlock's say something else."""

    activate: str
    first_pin: str
    repeat_pin: str
    make_pin: str
    open_local_page: str
    pin_set: str
    opened: str


WORDS = {
    "tr": ActivationWords(
        activate="Kullanıma Aç",
        first_pin="İlk PIN Kodu",
        repeat_pin="İlk PIN Kodu (Tekrar)",
        make_pin="İlk PIN’i Belirle",
        open_local_page="İlk PIN Ekranını Aç",
        pin_set="Kart PIN başarıyla belirlendi",
        opened="Sertifikanız kullanıma açıldı",
    ),
    "en": ActivationWords(
        activate="Activate",
        first_pin="First PIN",
        repeat_pin="First PIN (again)",
        make_pin="Set first PIN",
        open_local_page="Open the First PIN Screen",
        pin_set="The card PIN was set successfully",
        opened="Your certificate is open for use",
    ),
}


def begin(walk: Walk) -> None:
    """From the menu: "Kullanıma Aç", then "Tamam"; the code is on its way."""
    walk.hands.press(walk.button(_words(walk).activate))
    expect(walk.button(walk.words.proceed)).to_be_visible()
    walk.look(walk.page, "10-kullanima-ac")
    walk.hands.press(walk.button(walk.words.proceed))


def open_local_page(walk: Walk) -> Page:
    """From the portal to the card service, in a tab of its own."""
    link = walk.button(_words(walk).open_local_page)
    expect(link).to_be_visible()
    walk.look(walk.page, "10-kart-servisi")
    with walk.page.context.expect_page() as opened:
        walk.hands.press(link)
    return opened.value


def choose_first_pin(walk: Walk, local: Page, pin: str) -> None:
    """The first PIN, twice; nobody is asked for an old one."""
    words = _words(walk)
    field = walk.box(words.first_pin, local)
    expect(field).to_be_visible(timeout=10_000)
    walk.hands.write(field, pin)
    walk.hands.write(walk.box(words.repeat_pin, local), pin)
    walk.look(local, "11-ilk-pin")
    walk.hands.press(walk.button(words.make_pin, local))


def see_it_open(walk: Walk, local: Page) -> None:
    """The information box on the local page, and then the receipt on the portal."""
    words = _words(walk)
    expect(local.get_by_role("heading", name=words.pin_set)).to_be_visible(timeout=15_000)
    walk.look(local, "12-ilk-pin-belirlendi")
    walk.hands.press(walk.button(walk.words.ok, local))
    expect(local.get_by_role("heading", name=words.opened)).to_be_visible()
    assert local.url.startswith(walk.place.origin)
    walk.look(local, "12-kullanima-acildi")


def activate(walk: Walk, pin: str) -> Page:
    """All of it, from the menu; the tab in which it ended."""
    begin(walk)
    walk.enter_code()
    local = open_local_page(walk)
    choose_first_pin(walk, local, pin)
    see_it_open(walk, local)
    return local


def _words(walk: Walk) -> ActivationWords:
    return WORDS[walk.words.language]
