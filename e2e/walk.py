"""The way through the nine figures, step by step, as a holder walks it: by labels, with mouse or keyboard."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from e2e.hands import Hands, Mouse
from e2e.installation import Enrolled
from e2e.words import TURKISH, Words


class Place(Protocol):
    """Where the walk happens: a portal, and what the holder sees with other eyes than the browser's."""

    @property
    def origin(self) -> str:
        """The portal's."""

    def newest_code(self, phone: str) -> str:
        """Six digits, read off the telephone."""

    def picture_text(self, check: str) -> str:
        """Read off the CAPTCHA."""


def look_at_nothing(_page: Page, _figure: str) -> None:
    """The default `look`."""


@dataclass
class Walk:
    """One holder in one browser tab. `look` is called with every page that a figure shows."""

    place: Place
    page: Page
    holder: Enrolled
    words: Words = TURKISH
    hands: Hands = field(default_factory=Mouse)
    look: Callable[[Page, str], None] = look_at_nothing

    # finding

    def button(self, name: str, page: Page | None = None) -> Locator:
        """The button or link with exactly this name."""
        page = page or self.page
        return page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        )

    def box(self, label: str, page: Page | None = None) -> Locator:
        """The field with exactly this label."""
        return (page or self.page).get_by_label(label, exact=True)

    def says(self, text: str, page: Page | None = None) -> None:
        """This text is to be seen."""
        expect((page or self.page).get_by_text(text).first).to_be_visible()

    def problem(self, *texts: str, page: Page | None = None) -> None:
        """The box that says what is wrong holds these texts."""
        box = (page or self.page).get_by_role("alert")
        expect(box).to_contain_text(self.words.problem)
        for text in texts:
            expect(box).to_contain_text(text)

    # figures

    def to_the_front(self) -> None:
        """Figure 1."""
        self.page.goto(self.place.origin)
        self._choose_language()
        self.says(self.words.online)
        self.look(self.page, "01-ana-sayfa")

    def to_the_ways_in(self) -> None:
        """Figure 2."""
        self.hands.press(self.button(self.words.certificate_services))
        for way in (self.words.password_login, self.words.signature_login, self.words.card_login):
            expect(self.button(way)).to_be_visible()
        self.look(self.page, "02-kullanici-dogrulama")

    def to_the_login(self) -> None:
        """Figure 3, empty."""
        self.hands.press(self.button(self.words.password_login))
        expect(self.button(self.words.word_forgotten)).to_be_visible()
        self.look(self.page, "03-sifreli-giris")

    def log_in(self, *, id_number: str = "", picture_text: str = "", word: str = "") -> None:
        """Figure 3, filled in and sent; what is not given is right."""
        self.hands.write(self.box(self.words.id_number), id_number or self.holder.person.id_number)
        check = self.page.locator("input[name=check]")
        if check.count():  # a trusted browser has none
            text = picture_text or self.place.picture_text(check.input_value())
            self.hands.write(self.box(self.words.picture_text), text)
        self.hands.write(self.box(self.words.word), word or self.holder.word)
        self.hands.press(self.button(self.words.sign_in))

    def confirm_phone(self) -> None:
        """Figure 4: the number is masked."""
        expect(self.button(self.words.confirm)).to_be_visible()
        assert self.holder.person.phone not in self.page.content()
        self.look(self.page, "04-sms-onay")
        self.hands.press(self.button(self.words.confirm))

    def enter_code(self, code: str | None = None) -> None:
        """Figure 5, with the live countdown."""
        expect(self.page.get_by_role("timer")).to_be_visible()
        self.look(self.page, "05-sms-onay-kodu")
        self.hands.write(self.box(self.words.sms_code), code or self._code())
        self.hands.press(self.button(self.words.send))

    def see_the_menu(self) -> None:
        """Figure 6."""
        self.says(f"{self.words.dear} {self.holder.person.name}")
        for name in (*self.words.menu_buttons, self.words.unlock):
            expect(self.button(name)).to_be_visible()
        self.look(self.page, "06-islemler-menusu")

    def begin_unlock(self) -> None:
        """Figure 7's question."""
        self.hands.press(self.button(self.words.unlock))
        expect(self.button(self.words.proceed)).to_be_visible()
        self.look(self.page, "07-onay")
        self.hands.press(self.button(self.words.proceed))

    def open_local_page(self) -> Page:
        """From the portal to the card service: the manual's "Kilit Çözme Ekranı", in a tab of its own."""
        link = self.button(self.words.open_local_page)
        expect(link).to_be_visible()
        self.look(self.page, "07-kart-servisi")
        with self.page.context.expect_page() as opened:
            self.hands.press(link)
        return opened.value

    def sees_it_taken_up(self) -> None:
        """The operation's page on the portal has noticed that the card service is at work: it loads itself
        anew once, and whoever reads it or leaves it meanwhile reads nothing.
        """
        expect(self.page.locator("[data-follow]:not([data-state=authorised])")).to_have_count(
            1, timeout=20_000
        )

    def sees_it_ended(self) -> None:
        """The same page shows the end, and follows nothing any more."""
        expect(self.page.locator("[data-follow]")).to_have_count(0, timeout=20_000)

    def back_to_the_menu(self) -> None:
        """From an operation's page, as soon as it shows the end."""
        self.sees_it_ended()
        self.page.goto(f"{self.place.origin}/islemler")

    def choose_pin(self, local: Page, pin: str, again: str | None = None) -> None:
        """Figures 7 and 8: the new PIN, twice, and "Yeni PIN Üret"."""
        new_pin = self.box(self.words.new_pin, local)
        expect(new_pin).to_be_visible(timeout=10_000)
        self.hands.write(new_pin, pin)
        self.hands.write(self.box(self.words.repeat_pin, local), pin if again is None else again)
        self.look(local, "08-kilit-cozme-dolu")
        self.hands.press(self.button(self.words.make_pin, local))

    def see_success(self, local: Page) -> None:
        """Figure 9, on the local page and then on the portal."""
        expect(local.get_by_role("heading", name=self.words.pin_changed)).to_be_visible(timeout=15_000)
        self.look(local, "09-basarili")
        self.hands.press(self.button(self.words.ok, local))
        expect(local.get_by_role("heading", name=self.words.pin_changed)).to_be_visible()
        assert local.url.startswith(self.place.origin)
        self.look(local, "09-portal")

    # stretches

    def to_the_code(self) -> None:
        """Figures 1 to 5."""
        self.to_the_front()
        self.to_the_ways_in()
        self.to_the_login()
        self.log_in()
        self.confirm_phone()

    def to_the_menu(self) -> None:
        """Figures 1 to 6."""
        self.to_the_code()
        self.enter_code()
        self.see_the_menu()

    def to_the_local_page(self) -> Page:
        """Figures 1 to 7."""
        self.to_the_menu()
        self.begin_unlock()
        self.enter_code()
        return self.open_local_page()

    def log_out(self) -> None:
        """Back to figure 2."""
        self.hands.press(self.button(self.words.sign_out))
        expect(self.button(self.words.password_login)).to_be_visible()

    def unlock(self, pin: str) -> Page:
        """Figures 1 to 9."""
        local = self.to_the_local_page()
        self.choose_pin(local, pin)
        self.see_success(local)
        return local

    def _choose_language(self) -> None:
        html = self.page.locator("html")
        if html.get_attribute("lang") != self.words.language:
            self.hands.press(self.page.locator(f"button[lang={self.words.language}]"))
            expect(html).to_have_attribute("lang", self.words.language)

    def _code(self) -> str:
        return self.place.newest_code(self.holder.person.phone)
