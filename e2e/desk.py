"""A registrar's desk at a running installation: a batch by the command, its cards in the reader, the local
page by the keyboard alone.
"""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.hands import Hands, Keyboard
from e2e.installation import Installation
from kilitcoz_simulator.card import Card, InReader

PASSPHRASE = "uzun bir parola cümlesi"
PUBLISHED_AT = "http://pki.ornek.example.com"
A_CARD = 60_000  # milliseconds for one card on a busy machine


def found_authority(place: Installation) -> None:
    """The key ceremony, where it was not held yet."""
    root = place.folder / "kok.pem"
    if not root.exists():
        options = ["--organisation-id", "NTRTR-0000001", "--root-key", str(root)]
        place.portal.command("ca", "found", *options, typed=f"{PASSPHRASE}\n")


def open_desk(place: Installation, page: Page, *batch: str) -> int:
    """`kilitcoz issue batch …`: application numbers, or `--holder ID_NUMBER`; the page stands at "Başla". The
    batch's number.
    """
    answer = json.loads(place.portal.command("issue", "batch", "--by", "Elif", "--json", *batch))
    page.goto(answer["link"])
    expect(page.get_by_role("button", name="Başla", exact=True)).to_be_visible()
    number: int = answer["batch"]
    return number


def make_cards(
    place: Installation,
    page: Page,
    *cards: InReader,
    hands: Hands | None = None,
    look: Callable[[Page, str], None] = lambda _page, _name: None,
) -> None:
    """ "Başla", then card after card into the first slot; after the last the page says that all are made."""
    begin(page, hands)
    for place_in_batch, card in enumerate(cards, 1):
        expect(page.get_by_role("heading", name="Sıradaki kartı takın")).to_be_visible()
        look(page, "sonraki-kart")
        place.lab.insert(card)
        if place_in_batch < len(cards):
            expect(page.get_by_role("heading", name="Kart hazır", exact=True)).to_be_visible(timeout=A_CARD)
            look(page, "kart-hazir")
            place.lab.remove()
    see_all_made(page, hands, look)


def begin(page: Page, hands: Hands | None = None) -> None:
    """ "Başla": cards are made from now on."""
    (hands or Keyboard()).press(page.get_by_role("button", name="Başla", exact=True))


def see_all_made(
    page: Page,
    hands: Hands | None = None,
    look: Callable[[Page, str], None] = lambda _page, _name: None,
) -> None:
    """The end of a batch, closed with "OK"."""
    expect(page.get_by_role("heading", name="Bütün kartlar hazır")).to_be_visible(timeout=A_CARD)
    look(page, "kartlar-hazir")
    (hands or Keyboard()).press(page.get_by_role("button", name="OK", exact=True))


def personalise(place: Installation, page: Page, card: Card, *batch: str) -> int:
    """One blank card, made for one application (or `--holder ID_NUMBER`); it stays in the first slot. The
    batch's number.
    """
    found_authority(place)
    number = open_desk(place, page, *batch)
    make_cards(place, page, card)
    return number


def labels(place: Installation, batch: int, to: Path) -> bytes:
    """The PDF of `kilitcoz issue labels`."""
    place.portal.command("issue", "labels", str(batch), str(to))
    return to.read_bytes()
