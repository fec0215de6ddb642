"""Başvuru, step by step: the applicant at the pages, then two people of staff at their commands."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from demo.cast import OPERATOR, REGISTRAR, Person
from playwright.sync_api import Page, expect

from e2e.hands import Hands, Mouse
from e2e.installation import Installation

WORD = re.compile(r"^((?:[a-z]{2}){2} (?:[a-z]{2}){2} (?:[a-z]{2}){3})$", re.MULTILINE)  # as words are made


@dataclass(frozen=True)
class Applied:
    """What the applicant takes home: the number, the form, and the word that is torn off it."""

    number: str
    form: Path
    word: str = field(repr=False)


def apply(
    place: Installation, page: Page, somebody: Person, folder: Path, hands: Hands | None = None
) -> Applied:
    """From the front page to the form."""
    hands = hands or Mouse()
    page.goto(place.origin)
    hands.press(page.get_by_role("link", name="Sertifika için başvurun", exact=True))
    hands.tick(page.get_by_label("İlk başvuru", exact=True))
    given_name, _, surname = somebody.name.rpartition(" ")
    check = page.locator("input[name=check]").input_value()
    for label, typed in (
        ("Kimlik No", somebody.id_number),
        ("Adınız", given_name),
        ("Soyadınız", surname),
        ("Cep telefonunuz", somebody.phone.replace("+90", "0")),
        ("Resimdeki Yazı", place.picture_text(check)),
    ):
        hands.write(page.get_by_label(label, exact=True), typed)
    hands.press(page.get_by_role("button", name="Başvur", exact=True))
    expect(page.get_by_role("heading", name="Başvurunuz alındı")).to_be_visible()
    with page.expect_download() as saved:
        hands.press(page.get_by_role("button", name="Başvuru formunu indir (PDF)", exact=True))
    form = folder / saved.value.suggested_filename
    saved.value.save_as(form)
    number = form.stem.removeprefix("basvuru-")
    return Applied(number, form, _word_on(form))


def approve(place: Installation, number: str) -> None:
    """The registrar has seen person and signature, another approves, the fee is paid."""
    place.portal.command("application", "check", number, "--signed", "--by", REGISTRAR)
    place.portal.command("application", "approve", number, "--by", OPERATOR)
    place.portal.command("application", "pay", number, "--by", REGISTRAR)


def _word_on(form: Path) -> str:
    """As eyes read it off the paper."""
    read = subprocess.run(["pdftotext", str(form), "-"], capture_output=True, text=True, check=True).stdout
    found = WORD.search(read)
    assert found is not None, read
    return found[1].strip()
