"""E-Onay, step by step, as a holder walks it: the text, the card's signature, the document, and back out.

An installation that offers it was made with `stamped(...)` among its settings.
"""

import contextlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from demo import tsa
from demo.tsa import TimestampServer
from playwright.sync_api import Page, expect

from e2e.walk import Walk


@contextlib.contextmanager
def stamped(folder: Path) -> Iterator[dict[str, str]]:
    """The settings of an installation that asks the test authority for time stamps, while it answers."""
    authority = tsa.found(folder, datetime.now(UTC))
    with TimestampServer(authority.stamp) as server:
        yield {"KILITCOZ_TSA_URL": server.url, "KILITCOZ_TSA_ANCHORS": str(authority.anchors)}


@dataclass(frozen=True)
class Said:
    """What is written on these pages in one language, literally, as in `e2e.words`."""

    consent: str
    text: str
    sign: str
    open_screen: str
    pin: str
    signs: str
    signed: str
    given: str
    in_force: str
    download: str
    withdraw: str
    withdrawn: str
    not_open: str


SAID = {
    "tr": Said(
        consent="E-Onay",
        text="Neye onay veriyorsunuz?",
        sign="Kartımla imzala",
        open_screen="E-İmza Ekranını Aç",
        pin="Kart PIN’i",
        signs="İmzala",
        signed="Belgeyi imzaladınız",
        given="E-Onay verdiniz",
        in_force="E-Onayınız var",
        download="İmzalı belgemi indir (PDF)",
        withdraw="E-Onayımı geri al",
        withdrawn="E-Onayınızı geri aldık",
        not_open="henüz kullanıma açılmamış",
    ),
    "en": Said(
        consent="E-Approval",
        text="What do you consent to?",
        sign="Sign with my card",
        open_screen="Open the Signature Screen",
        pin="Card PIN",
        signs="Sign",
        signed="You have signed the document",
        given="You have given E-Approval",
        in_force="You have given E-Approval",
        download="Download my signed document (PDF)",
        withdraw="Withdraw my E-Approval",
        withdrawn="We withdrew your E-Approval",
        not_open="was not opened for use yet",
    ),
}


@dataclass
class ConsentWalk:
    """The E-Onay of one holder in one browser tab; begins and ends at the menu (figure 6)."""

    walk: Walk

    @property
    def said(self) -> Said:
        """In the walk's language."""
        return SAID[self.walk.words.language]

    def read(self) -> None:
        """From the menu to the text."""
        walk = self.walk
        walk.hands.press(
            walk.page.get_by_role("main").get_by_role("button", name=self.said.consent, exact=True)
        )
        walk.says(self.said.text)
        walk.look(walk.page, "20-e-onay")

    def to_the_signature_screen(self) -> Page:
        """From the text to the card service's page, which shows the same hash as the portal's."""
        walk = self.walk
        walk.hands.press(walk.button(self.said.sign))
        link = walk.button(self.said.open_screen)
        expect(link).to_be_visible()
        walk.look(walk.page, "21-e-onay-kart-servisi")
        with walk.page.context.expect_page() as opened:
            walk.hands.press(link)
        local = opened.value
        field = walk.box(self.said.pin, local)
        expect(field).to_be_visible(timeout=20_000)
        walk.sees_it_taken_up()
        here = walk.page.locator("[data-fingerprint] span").all_inner_texts()
        there = local.locator(".fingerprint .groups span").all_inner_texts()
        assert here == there
        assert re.fullmatch("[0-9a-f]{64}|[0-9a-f]{96}", "".join(here))
        walk.look(local, "22-e-imza-ekrani")
        return local

    def type_pin(self, local: Page, pin: str) -> None:
        """The card's PIN, and "İmzala"."""
        self.walk.hands.write(self.walk.box(self.said.pin, local), pin)
        self.walk.hands.press(self.walk.button(self.said.signs, local))

    def see_signed(self, local: Page) -> None:
        """It is signed; "OK" leads back to the portal, which says the same."""
        walk = self.walk
        expect(local.get_by_role("heading", name=self.said.signed)).to_be_visible(timeout=30_000)
        walk.look(local, "23-imzaladiniz")
        walk.hands.press(walk.button(walk.words.ok, local))
        expect(local.get_by_role("heading", name=self.said.given)).to_be_visible()
        walk.look(local, "24-e-onay-verildi")

    def download(self, page: Page, folder: Path) -> Path:
        """The signed document, as a file in this folder."""
        with page.expect_download() as started:
            self.walk.button(self.said.download, page).click()
        path = folder / "e-onay.pdf"
        started.value.save_as(path)
        return path

    def give(self, pin: str, folder: Path) -> Path:
        """All of it, from the menu; the signed document. The tab of the card service stays at the portal."""
        self.read()
        local = self.to_the_signature_screen()
        self.type_pin(local, pin)
        self.see_signed(local)
        return self.download(local, folder)

    def withdraw(self) -> None:
        """From the menu; who came in by card, or proved it within five minutes, is asked for nothing more."""
        walk = self.walk
        walk.sees_it_ended()
        walk.page.goto(f"{walk.place.origin}/islemler/e-onay")
        walk.says(self.said.in_force)
        walk.hands.press(walk.button(self.said.withdraw))
        walk.look(walk.page, "25-e-onay-geri-al")
        walk.hands.press(walk.page.get_by_role("button", name=self.said.withdraw, exact=True))
        walk.says(self.said.withdrawn)


def verdicts(document: Path) -> list[str]:
    """What poppler's pdfsig says of each signature and time stamp in the file."""
    done = subprocess.run(["pdfsig", "-nocert", str(document)], capture_output=True, text=True, check=True)
    return re.findall(r"Signature Validation: (.*)", done.stdout)
