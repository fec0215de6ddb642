"""E-Onay in Chromium, over a real PC/SC stack, stamped by a real time-stamping authority."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from e2e.accessibility import look_closely
from e2e.card_login import CardLogin
from e2e.consent import ConsentWalk, stamped, verdicts
from e2e.hands import Hands, Keyboard, Mouse
from e2e.installation import Installation, installation
from e2e.profile import DESKTOP, PHONE, profile
from e2e.test_card_login import mistyped, with_card_and_pin
from e2e.walk import Walk
from e2e.words import ENGLISH, TURKISH, Words
from kilitcoz_simulator.pcsc_lab import PcscLab


@pytest.fixture(scope="module")
def place(lab: PcscLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A portal that has its time stamps from the test authority."""
    folder = Path(tmp_path_factory.mktemp("installation"))
    with stamped(folder / "tsa") as settings:
        yield from installation(folder, lab, **settings)


@pytest.mark.parametrize(
    ("words", "size", "hands"),
    [(TURKISH, DESKTOP, Mouse()), (ENGLISH, PHONE, Keyboard())],
    ids=["turkish-desktop-mouse", "english-phone-keyboard"],
)
def test_a_holder_signs_once_sees_one_hash_on_both_sides_and_can_take_it_back(
    service: Installation, browser: Browser, tmp_path: Path, words: Words, size: tuple[int, int], hands: Hands
) -> None:
    ayse, pin = with_card_and_pin(service)
    with profile(browser, size, accept_downloads=True) as context:
        walk = Walk(service, context.new_page(), ayse, words, hands, look_closely)
        login = CardLogin(walk)
        entering = login.to_the_login_screen()
        login.type_pin(entering, pin)
        login.see_login(entering)
        entering.close()
        consent = ConsentWalk(walk)
        consent.read()
        local = consent.to_the_signature_screen()
        consent.type_pin(local, mistyped(pin))
        walk.problem(page=local)
        consent.type_pin(local, pin)
        consent.see_signed(local)
        signed, *stamps = verdicts(consent.download(local, tmp_path))
        assert (signed, len(stamps)) == ("Signature is Valid.", 1)
        consent.withdraw()
