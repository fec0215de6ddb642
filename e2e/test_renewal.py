"""Sertifikamı Yenile over a real PC/SC stack: near its end, a card gets new keys and certificates at home."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from demo.cast import AYSE
from playwright.sync_api import Page, expect

from e2e import activation
from e2e.accessibility import look_closely
from e2e.installation import Installation, installation
from e2e.management_key import with_vaults_key
from e2e.new_card import by_post, found
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.pcsc_lab import PcscLab

PIN = "73920415"
RENEWED = "Sertifikanız yenilendi"


@pytest.fixture(scope="module")
def place(lab: PcscLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A portal that lets certificates be renewed at home in their last year; it has an authority."""
    folder = Path(tmp_path_factory.mktemp("installation"))
    for started in installation(folder, lab, KILITCOZ_RENEWAL_DAYS="366"):
        found(started)
        yield started


def test_ayse_renews_her_certificates_at_home_and_keeps_her_pin(service: Installation, page: Page) -> None:
    newcomer = by_post(service, AYSE.name)
    assert isinstance(newcomer.card, Card)
    card = with_vaults_key(service, newcomer.card, newcomer.note.card_id)
    service.lab.insert(card)
    walk = Walk(service, page, newcomer, look=look_closely)
    walk.to_the_menu()
    activation.activate(walk, PIN)
    _let_the_end_come_near(service)
    before = {slot: key.private_der for slot, key in card.state.keys.items()}
    service.let_sms_rest()
    walk.back_to_the_menu()
    walk.hands.press(walk.button("Sertifikamı Yenile"))
    walk.says("Bugüne kadar imzaladıklarınız doğrulanmaya devam eder.")
    look_closely(page, "sertifikami-yenile")
    walk.hands.press(walk.button("Tamam"))
    walk.enter_code()
    with page.context.expect_page() as opened:
        walk.hands.press(walk.button("Sertifika Yenileme Ekranını Aç"))
    local = opened.value
    field = walk.box("Kart PIN’i", local)
    expect(field).to_be_visible(timeout=10_000)
    walk.hands.write(field, PIN)
    look_closely(local, "sertifika-yenileme-ekrani")
    walk.hands.press(walk.button("Yenile", local))
    expect(local.get_by_role("heading", name=RENEWED)).to_be_visible(timeout=20_000)
    walk.hands.press(walk.button("OK", local))
    expect(local.get_by_role("heading", name=RENEWED)).to_be_visible()
    look_closely(local, "sertifika-yenilendi")
    after = {slot: key.private_der for slot, key in card.state.keys.items()}
    assert {slot for slot in after if after[slot] != before[slot]} == {0x9A, 0x9C}
    assert _states(service) == {("9a", "valid"), ("9c", "valid")}
    assert pin_is_accepted(service.lab, PIN)


def _let_the_end_come_near(service: Installation) -> None:
    """As if the certificates ended in a month."""
    with service.database() as database:
        database.execute("UPDATE certificates_certificate SET not_after = datetime('now', '+30 days')")


def _states(service: Installation) -> set[tuple[str, str]]:
    """Of the certificates that took another's place."""
    with service.database() as database:
        query = "SELECT slot, state FROM certificates_certificate WHERE replaces_id IS NOT NULL"
        return set(database.execute(query))
