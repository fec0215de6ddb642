"""What the stories stand on: one browser for all, one installation and PC/SC lab for each file of tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo.cast import AYSE, MEHMET
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from e2e.installation import Enrolled, Installation, installation
from e2e.profile import profile
from e2e.walk import Walk
from kilitcoz_simulator.errors import LabUnavailable
from kilitcoz_simulator.pcsc_lab import PcscLab, require_lab

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong

CHROMIUM = os.environ.get("KILITCOZ_TEST_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # the tests run as root, in containers too
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.hookimpl(tryfirst=True)  # pytest-xdist looks for the marks in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps each file of stories on one of pytest-xdist's workers: its installation is made once."""
    here = Path(__file__).parent
    for item in items:
        alone = item.path.name == "test_demo.py"  # each of these has a demo of its own
        if here in item.path.parents and not alone:
            item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def lab() -> Iterator[PcscLab]:
    """A pcscd of our own with two slots."""
    try:
        require_lab()
    except LabUnavailable as reason:
        pytest.skip(str(reason))
    with PcscLab() as started:
        yield started


@pytest.fixture(scope="module")
def place(lab: PcscLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The portal of this file of tests; its card service is started by `service`."""
    yield from installation(Path(tmp_path_factory.mktemp("installation")), lab)


@pytest.fixture
def service(place: Installation) -> Iterator[Installation]:
    """The card service, new for each test, so that no operation of an earlier one is open in it."""
    place.start_service()
    yield place
    place.stop_service()
    place.wire.mend()
    for slot in range(len(place.lab.slots)):
        place.lab.remove(slot)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile at desktop size."""
    with profile(browser, locale="tr-TR", patience=10_000) as fresh:
        yield fresh


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Its first tab."""
    return context.new_page()


@pytest.fixture
def ayse(place: Installation) -> Enrolled:
    """Ayşe Yılmaz, whose card is blocked and in the first slot."""
    enrolled = place.enrol(AYSE.name)
    place.lab.insert(enrolled.card)
    return enrolled


@pytest.fixture
def mehmet(place: Installation) -> Enrolled:
    """Mehmet Demir, who has a blocked card too, but not in our readers."""
    return place.enrol(MEHMET.name)


@pytest.fixture
def walk(service: Installation, page: Page, ayse: Enrolled) -> Walk:
    """Ayşe in her browser, before the first step; the card service runs, her card is in."""
    return Walk(service, page, ayse)
