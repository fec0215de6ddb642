"""Figure 2, "E-imzalı Giriş (Akıllı Kart Servisi)", in Chromium, over a real PC/SC stack."""

from cryptography.hazmat.primitives.serialization import Encoding
from demo.card import make_card, note_of
from demo.cast import AYSE
from playwright.sync_api import Page, expect

from e2e.installation import Enrolled, Installation, person
from e2e.walk import Walk
from kilitcoz_simulator.card import Card


def with_card_and_pin(place: Installation) -> tuple[Enrolled, str]:
    """Ayşe with a card whose PIN she knows, and whose issuer the portal trusts; it is in the first slot."""
    somebody = person(AYSE.name)
    issued = make_card(somebody)
    card = Card(issued.state)
    enrolled = place.enrol_card(somebody, card, note_of(issued))
    trust = place.portal.folder / "trust"
    for part, made in (("anchors", issued.issuer), ("crls", issued.status_list)):
        (trust / part).mkdir(parents=True, exist_ok=True)
        (trust / part / f"{issued.guid}.pem").write_bytes(made.public_bytes(Encoding.PEM))
    place.lab.insert(card)
    return enrolled, issued.pin


def test_a_holder_logs_in_by_card_and_pin(service: Installation, page: Page) -> None:
    ayse, pin = with_card_and_pin(service)
    walk = Walk(service, page, ayse)
    walk.to_the_front()
    walk.to_the_ways_in()
    walk.hands.press(walk.button(walk.words.card_login))
    walk.hands.press(walk.button("Kartla girişi başlat"))
    with page.context.expect_page() as opened:
        walk.hands.press(walk.button("Giriş Ekranını Aç"))
    local = opened.value
    walk.hands.write(walk.box("Kart PIN’i", local), pin)
    walk.hands.press(walk.button("Giriş", local))
    expect(local.get_by_role("heading", name="Kartınız girişi onayladı")).to_be_visible()
    walk.hands.press(walk.button("Devam", local))
    expect(local.get_by_text(f"Sayın {ayse.person.name}")).to_be_visible()
    expect(page.get_by_text(f"Sayın {ayse.person.name}")).to_be_visible()
