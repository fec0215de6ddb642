"""A22, A23, A34: a card that is not the one it was, or never was it, or has a double, sees no secret."""

import pytest
from playwright.sync_api import Page, expect

from e2e.abuse.books import details, events
from e2e.abuse.card_watch import CardWatch
from e2e.abuse.cards import SwitchedCard, clone_of
from e2e.abuse.conftest import Visit
from e2e.abuse.opened import open_local_page, wait_for_pin_fields
from e2e.abuse.visitor import Visitor
from e2e.installation import Enrolled, Installation
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk
from kilitcoz_simulator.card import Card

NEW_PIN = "73920415"
WRONG_CARD = "Takılı kart bu işlemin kartı değil"


@pytest.fixture
def at_the_portal(walk: Walk, visit: Visit) -> Visitor:
    """Ayşe's browser at the portal, her operation begun."""
    return visit(walk.holder).begin()


@pytest.fixture(params=["another holder's card", "a clone"])
def another_card(request: pytest.FixtureRequest, ayse: Enrolled) -> Card:
    """Not Ayşe's."""
    if request.param == "a clone":
        return clone_of(ayse.card)
    card = request.getfixturevalue("mehmet").card
    assert isinstance(card, Card)
    return card


def goes_on_with_the_right_card(walk: Walk, service: Installation, local: Page) -> None:
    """Nothing was lost by the attempt."""
    service.lab.insert(walk.holder.card)
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)
    assert pin_is_accepted(service.lab, NEW_PIN)


def test_a22_a_card_swapped_unseen_after_identification_is_sent_no_puk(
    walk: Walk, service: Installation, at_the_portal: Visitor, another_card: Card
) -> None:
    first, second = CardWatch(walk.holder.card), CardWatch(another_card)
    both = SwitchedCard(walk.holder.card, another_card)
    service.lab.insert(both)
    local = open_local_page(walk, at_the_portal, service.service.url)
    wait_for_pin_fields(walk, local)
    both.switch()
    walk.choose_pin(local, NEW_PIN)
    walk.problem(WRONG_CARD, page=local)
    assert "secret-released" in events(service, at_the_portal.operation), "it was as close as that"
    assert first.secrets == second.secrets == []
    assert second.commands, "it was the second card that was asked"
    goes_on_with_the_right_card(walk, service, local)


def test_a22_a_card_swapped_by_hand_after_identification_is_noticed_before_the_pin_is_sent(
    walk: Walk, service: Installation, at_the_portal: Visitor, another_card: Card
) -> None:
    watch = CardWatch(another_card)
    local = open_local_page(walk, at_the_portal, service.service.url)
    wait_for_pin_fields(walk, local)
    service.lab.insert(another_card)
    walk.problem(WRONG_CARD, page=local)
    assert "secret-released" not in events(service, at_the_portal.operation)
    assert watch.secrets == []
    goes_on_with_the_right_card(walk, service, local)


def test_a23_a_fake_card_with_the_right_papers_and_other_keys_is_a_wrong_card(
    walk: Walk, service: Installation, at_the_portal: Visitor
) -> None:
    fake = clone_of(walk.holder.card)
    watch = CardWatch(fake)
    service.lab.insert(fake)
    local = open_local_page(walk, at_the_portal, service.service.url)
    walk.problem(WRONG_CARD, page=local)
    assert watch.secrets == []
    (told,) = details(service, at_the_portal.operation, "wrong-card")
    assert '"proof"' in told, "the books tell that the papers were right and the key was not"
    assert "secret-released" not in events(service, at_the_portal.operation)
    goes_on_with_the_right_card(walk, service, local)


def test_a34_of_two_cards_that_both_say_they_are_it_the_holder_chooses_and_the_false_one_gets_nothing(
    walk: Walk, service: Installation, at_the_portal: Visitor
) -> None:
    double = clone_of(walk.holder.card)
    watch = CardWatch(double)
    service.lab.insert(double, slot=1)
    local = open_local_page(walk, at_the_portal, service.service.url)
    expect(local.get_by_role("heading", name="Kartınızı seçin")).to_be_visible()
    expect(local.get_by_role("radio")).to_have_count(2)
    expect(local.get_by_role("radio", checked=True)).to_have_count(0)
    walk.hands.press(walk.button("Devam", local))
    walk.problem("Kart seçilmedi", page=local)
    local.get_by_role("radio", name=service.lab.reader_name(1)).check()
    walk.hands.press(walk.button("Devam", local))
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)
    assert watch.secrets == []
    assert details(service, at_the_portal.operation, "wrong-card"), "the one chosen was asked for its proof"
    assert pin_is_accepted(service.lab, NEW_PIN)
