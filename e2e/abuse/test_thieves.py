"""A18, A18b: Kerem sends Ayşe what he began himself, a link or a code. It gets him nothing."""

import secrets

import pytest
from demo.cast import KEREM
from playwright.sync_api import Page, expect

from e2e.abuse.books import completed, events
from e2e.abuse.conftest import Visit
from e2e.abuse.service import ServedCard
from e2e.abuse.visitor import Visitor
from e2e.installation import Enrolled, Installation
from e2e.walk import Walk

NEW_PIN = "73920415"


@pytest.fixture(scope="session")
def kerem(place: Installation) -> Enrolled:
    """The thief, who is also a holder; his card is at home."""
    return place.enrol(KEREM.name)


@pytest.fixture
def walk(desk: ServedCard, page: Page) -> Walk:
    """Ayşe in her browser, where nobody is signed in; her card is blocked and in her reader."""
    return Walk(desk.place, page, desk.holder)


def with_another_number(thief: Visitor, number: str) -> str:
    """His operation's number; one in a hundred is hers too, then he has begun another."""
    while thief.begin().number == number:
        thief.cancel()
    return thief.number


def follow(walk: Walk, desk: ServedCard, capability: str) -> Page:
    """A link in a message: a new tab."""
    local = walk.page.context.new_page()
    local.goto(f"{desk.service.url}#cap={capability}")
    return local


def test_a18_an_attackers_link_shows_his_number_and_a_wrong_card_and_she_can_go_on(
    desk: ServedCard, walk: Walk, visit: Visit, kerem: Enrolled
) -> None:
    ayse = visit(desk.holder).begin()
    ayse.move_into(walk.page.context)
    walk.page.goto(desk.place.origin + ayse.page)
    thief = visit(kerem)
    number = with_another_number(thief, ayse.number)
    local = follow(walk, desk, thief.capability())
    expect(local.get_by_role("heading", name="Bu kart, bu işlemin kartı değil")).to_be_visible()
    expect(local.get_by_text(f"{kerem.note.serial[-4:]} ile biten kartı takın")).to_be_visible()
    expect(local.get_by_text(number, exact=True)).to_be_visible()
    expect(walk.page.get_by_text(ayse.number, exact=True)).to_be_visible()
    expect(local.locator("input.pin")).to_have_count(0)
    assert desk.watch.secrets == []
    assert {"card-identified", "wrong-card"}.isdisjoint(events(desk.place, thief.operation)), "nobody told"
    walk.hands.press(walk.button("Vazgeç", local))
    expect(local.get_by_role("heading", name="İşlemi bıraktınız")).to_be_visible()
    own = follow(walk, desk, ayse.capability())
    expect(own.get_by_text(ayse.number, exact=True)).to_be_visible()
    walk.choose_pin(own, NEW_PIN)
    walk.see_success(own)
    assert thief.state == "failed"


def test_a18_while_her_own_operation_is_open_his_link_only_says_so(
    desk: ServedCard, walk: Walk, visit: Visit, kerem: Enrolled
) -> None:
    ayse, thief = visit(desk.holder).begin(), visit(kerem).begin()
    local = follow(walk, desk, ayse.capability())
    expect(walk.box(walk.words.new_pin, local)).to_be_visible()
    desk.watch.begin_again()
    his = follow(walk, desk, thief.capability())
    walk.problem("Bu bilgisayarda başka bir işlem sürüyor", page=his)
    expect(his.get_by_text(ayse.number, exact=True)).to_be_visible()
    assert desk.watch.untouched
    assert thief.state == "authorised"
    walk.hands.press(walk.button("Vazgeç", local))


def test_a18b_who_sends_the_link_of_his_own_session_is_not_brought_on_by_it(
    desk: ServedCard, walk: Walk, visit: Visit
) -> None:
    """He has her word and her messages, so that the session is hers by name. Her browser is not his."""
    thief = visit(desk.holder).begin()
    local = follow(walk, desk, thief.capability())
    walk.choose_pin(local, NEW_PIN)
    expect(local.get_by_role("heading", name=walk.words.pin_changed)).to_be_visible()
    with local.expect_response(f"**/donus/{thief.operation}") as answered:
        walk.hands.press(walk.button(walk.words.ok, local))
    assert answered.value.status == 404
    expect(local.get_by_text("İşlem bu tarayıcıda bulunamadı").first).to_be_visible()
    guesses(thief)
    assert not completed(desk.place, thief.operation)
    assert "foreign-object-asked" in events(desk.place, thief.operation)


def test_a18b_who_dictates_the_code_of_his_own_session_is_not_brought_on_by_it(
    desk: ServedCard, walk: Walk, visit: Visit
) -> None:
    thief = visit(desk.holder).begin()
    local = walk.page
    local.goto(desk.service.url)
    walk.hands.write(walk.box("Eşleştirme kodu"), thief.pairing_code())
    walk.hands.press(walk.button("Devam"))
    walk.choose_pin(local, NEW_PIN)
    expect(local.get_by_role("heading", name=walk.words.pin_changed)).to_be_visible()
    walk.hands.press(walk.button(walk.words.ok))
    expect(local.get_by_role("heading", name="İşlem bitti")).to_be_visible()
    assert local.url == desk.service.url, "there is no way back behind a typed code"
    guesses(thief)
    assert not completed(desk.place, thief.operation)


def guesses(thief: Visitor) -> None:
    """The browser that began, without the secret that only the other one was given."""
    for completion in ("", "x", thief.operation, secrets.token_urlsafe(32)):
        assert thief.post(f"/donus/{thief.operation}", completion=completion).status_code == 404
    shown = thief.get(f"/operations/{thief.operation}/state").json()
    assert shown.keys() == {"state", "decision", "is_open", "sentence"}
