"""A19: another program has the port. Two doors lead to the card service all the same; it learns no secret."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.abuse.conftest import Visit
from e2e.abuse.rogue_service import RogueService, as_it_is_enrolled
from e2e.abuse.service import ServedCard
from e2e.abuse.squatter import Squatter
from e2e.abuse.visitor import Visitor
from e2e.walk import Walk
from kilitcoz_agent.errors import PortalRefused
from kilitcoz_cards.messages import CardDecision

NEW_PIN = "73920415"


@pytest.fixture
def squatter(desk: ServedCard) -> Iterator[Squatter]:
    """At the port to which the portal's link leads; Ayşe's card service runs at another one."""
    with Squatter(desk.place.service.port) as listening:
        yield listening


@pytest.fixture
def ayse(desk: ServedCard, visit: Visit, page: Page) -> Visitor:
    """Ayşe at the portal, her operation begun; her browser is the real one."""
    visitor = visit(desk.holder).begin()
    visitor.move_into(page.context)
    return visitor


@pytest.fixture
def walk(desk: ServedCard, ayse: Visitor, page: Page) -> Walk:
    """Ayşe on the portal's page, about to open the card service."""
    page.goto(desk.place.origin + ayse.page)
    return Walk(desk.place, page, desk.holder)


def secrets_of(desk: ServedCard, walk: Walk) -> dict[str, bytes]:
    """What must not reach anybody, by name."""
    texts = desk.place.messages(desk.holder.person.phone)
    sessions = {cookie["name"]: cookie["value"] for cookie in walk.page.context.cookies()}
    found = {f"cookie {name}": value for name, value in sessions.items() if name != "kilitcoz-dil"}
    found |= {"new PIN": NEW_PIN, "old PUK": desk.holder.note.puk, "word": desk.holder.word}
    found |= {"new PUK": desk.puk, **{f"message {number}": text for number, text in enumerate(texts)}}
    return {name: value.encode() for name, value in found.items()}


def test_a19_the_typed_code_leads_to_the_true_page_and_the_squatter_learns_nothing(
    desk: ServedCard, squatter: Squatter, walk: Walk, ayse: Visitor
) -> None:
    code = ayse.pairing_code()
    local = walk.page.context.new_page()
    local.goto(desk.service.url)
    walk.hands.write(walk.box("Eşleştirme kodu", local), code)
    walk.hands.press(walk.button("Devam", local))
    walk.choose_pin(local, NEW_PIN)
    expect(local.get_by_role("heading", name=walk.words.pin_changed)).to_be_visible()
    walk.says(walk.words.pin_changed)
    assert squatter.heard == b""


def test_a19_the_scheme_leads_to_the_true_service_and_the_squatter_learns_nothing(
    desk: ServedCard, squatter: Squatter, walk: Walk
) -> None:
    link = walk.page.locator("a[href^='kilitcoz:']").get_attribute("href") or ""
    assert desk.hand_over(link.partition("cap=")[2]).strip() == desk.service.url
    local = walk.page.context.new_page()
    local.goto(desk.service.url)
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)
    assert squatter.heard == b""


def test_a19_what_the_link_tells_a_squatter_gives_it_no_secret_and_the_holder_goes_on(
    desk: ServedCard, squatter: Squatter, walk: Walk, ayse: Visitor
) -> None:
    """The one thing it can have is the capability: its script reads the fragment. That opens nothing."""
    capability = ayse.capability()
    walk.open_local_page()
    heard = squatter.wait_for(b"cap=" + capability.encode())
    assert [name for name, value in secrets_of(desk, walk).items() if value in heard] == []
    desk.watch.begin_again()
    rogue = RogueService(desk.place, capability)
    assert rogue.claim().decision is CardDecision.NO_CARD
    assert rogue.claim(as_it_is_enrolled(desk.holder)).decision is CardDecision.WRONG_CARD
    with pytest.raises(PortalRefused, match="release-not-identified"):
        rogue.release()
    assert desk.watch.untouched
    desk.hand_over(capability)
    local = walk.page.context.new_page()
    local.goto(desk.service.url)
    expect(local.get_by_text("Bu işlem başka bir yerde açılmış.")).to_be_visible()
    walk.hands.press(walk.button("İşlemi iptal et"))
    desk.hand_over(ayse.begin().capability())
    walk.choose_pin(local, NEW_PIN)
    expect(local.get_by_role("heading", name=walk.words.pin_changed)).to_be_visible()
