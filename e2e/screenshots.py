"""Takes the pictures in docs/screenshots, from a real walk through the nine figures:

    .venv/bin/python -m e2e.screenshots

The pictures are of what a holder sees; the CAPTCHA, the ports and the card's number are new each time.
"""

import tempfile
from io import BytesIO
from pathlib import Path

from demo.cast import AYSE
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from e2e.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from e2e.installation import Installation, installation
from e2e.walk import Walk
from kilitcoz_simulator.pcsc_lab import PcscLab

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SIZE = (900, 1080)
COLOURS = 64  # plenty for pages without photographs, and a fifth of the bytes
_kept: set[Path] = set()


def keep(page: Page, figure: str) -> None:
    """Saves what is to be seen as a small PNG; the unlock's own code looks like figure 5 and is left out."""
    path = FOLDER / f"{figure}.png"
    if path in _kept:
        return
    _kept.add(path)
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def take(place: Installation) -> None:
    """One walk, a picture of each figure."""
    ayse = place.enrol(AYSE.name)
    place.lab.insert(ayse.card)
    place.start_service()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        width, height = SIZE
        page = browser.new_page(viewport={"width": width, "height": height}, locale="tr-TR")
        Walk(place, page, ayse, look=keep).unlock("73920415")
        browser.close()
    place.stop_service()


def main() -> None:
    """Everything is made in a temporary folder and ended afterwards."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, PcscLab() as lab:
        for place in installation(Path(folder), lab):
            take(place)


if __name__ == "__main__":
    main()
