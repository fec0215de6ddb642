"""Figure 2's third way in, "E-imzalı Giriş (Akıllı Kart Servisi)", step by step, as a holder walks it."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from e2e.walk import Walk


@dataclass(frozen=True)
class Said:
    """What is written on these pages in one language, literally, as in `e2e.words`."""

    begin: str
    open_screen: str
    pin: str
    sign_in: str
    wrong: str
    tries_left: str
    confirmed: str
    go_on: str
    locked: str
    way_out: str


SAID = {
    "tr": Said(
        begin="Kartla girişi başlat",
        open_screen="Giriş Ekranını Aç",
        pin="Kart PIN’i",
        sign_in="Giriş",
        wrong="PIN yanlış.",
        tries_left="Kalan deneme hakkı: 2.",
        confirmed="Kartınız girişi onayladı",
        go_on="Devam",
        locked="Kartınız kilitli",
        way_out="“Kilit Çözme",
    ),
    "en": Said(
        begin="Start the login by card",
        open_screen="Open the Login Screen",
        pin="Card PIN",
        sign_in="Log in",
        wrong="The PIN is wrong.",
        tries_left="Tries left: 2.",
        confirmed="Your card has confirmed the login",
        go_on="Continue",
        locked="Your card is locked",
        way_out="“Unlock",
    ),
}


@dataclass
class CardLogin:
    """The login by card of one holder in one browser tab."""

    walk: Walk

    @property
    def said(self) -> Said:
        """In the walk's language."""
        return SAID[self.walk.words.language]

    def to_the_login_screen(self) -> Page:
        """Figures 1 and 2, the portal's page, and the card service's in a tab of its own."""
        walk = self.walk
        walk.to_the_front()
        walk.to_the_ways_in()
        walk.hands.press(walk.button(walk.words.card_login))
        expect(walk.button(self.said.begin)).to_be_visible()
        walk.look(walk.page, "10-kartla-giris")
        walk.hands.press(walk.button(self.said.begin))
        link = walk.button(self.said.open_screen)
        expect(link).to_be_visible()
        walk.look(walk.page, "11-kartla-giris-acik")
        with walk.page.context.expect_page() as opened:
            walk.hands.press(link)
        return opened.value

    def type_pin(self, local: Page, pin: str) -> None:
        """The card's PIN, and "Giriş"."""
        field = self.walk.box(self.said.pin, local)
        expect(field).to_be_visible()
        self.walk.look(local, "12-kart-pin")
        self.walk.hands.write(field, pin)
        self.walk.hands.press(self.walk.button(self.said.sign_in, local))

    def see_wrong_pin(self, local: Page) -> None:
        """It is told, with the tries that are left."""
        self.walk.problem(self.said.wrong, self.said.tries_left, page=local)

    def see_login(self, local: Page) -> None:
        """The card has confirmed; "Devam" leads to the menu, and the first tab follows."""
        walk = self.walk
        expect(local.get_by_role("heading", name=self.said.confirmed)).to_be_visible()
        walk.look(local, "13-onaylandi")
        expect(walk.page.get_by_role("heading", name=self.said.confirmed)).to_be_visible()
        walk.look(walk.page, "14-kart-onayladi")
        walk.hands.press(walk.button(self.said.go_on, local))
        for tab in (local, walk.page):
            walk.says(f"{walk.words.dear} {walk.holder.person.name}", tab)

    def see_blocked_card(self, local: Page) -> None:
        """Both pages tell the way out, and the portal's has its button."""
        walk = self.walk
        for tab in (local, walk.page):
            expect(tab.get_by_role("heading", name=self.said.locked)).to_be_visible()
            walk.says(self.said.way_out, tab)
            walk.look(tab, "15-kart-kilitli")
        expect(walk.button(walk.words.password_login)).to_be_visible()
