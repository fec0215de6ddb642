"""A28, A29: two browsers with one card, two card services with one capability. The second is told."""

import contextlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from e2e.abuse.books import events, operations_of
from e2e.abuse.card_watch import CardWatch
from e2e.abuse.conftest import Visit
from e2e.abuse.local_page import LocalPage
from e2e.abuse.service import ServedCard, another_service
from e2e.abuse.siege import PIN_SCREEN
from e2e.abuse.visitor import UNLOCK
from e2e.installation import Enrolled, Installation
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk

NEW_PIN = "73920415"
OTHER_PIN = "40917263"
ELSEWHERE = "Bu işlem başka bir yerde açılmış"
OPEN = {"awaiting_code", "authorised", "claimed", "identified", "released"}


@pytest.fixture
def walk(desk: ServedCard, page: Page) -> Walk:
    """A real browser of Ayşe's, where nobody is signed in yet."""
    return Walk(desk.place, page, desk.holder)


def open_ones(desk: ServedCard) -> list[str]:
    """States of Ayşe's operations that are open."""
    return [state for state in operations_of(desk.place, desk.holder.person.id_number) if state in OPEN]


def test_a28_the_second_browser_is_told_and_the_first_goes_on(
    desk: ServedCard, walk: Walk, visit: Visit
) -> None:
    first = visit(desk.holder).begin()
    desk.page.acts("open", capability=first.capability())
    desk.page.wait_for(PIN_SCREEN)
    visit(desk.holder).move_into(walk.page.context)
    walk.page.goto(desk.place.origin + UNLOCK)
    walk.hands.press(walk.button(walk.words.proceed))
    walk.says("Bu kartla başka bir işlem sürüyor")
    assert open_ones(desk) == ["identified"]
    desk.page.acts("set-pin", pin=NEW_PIN, repeat=NEW_PIN)
    desk.page.wait_for("done")
    assert first.state == "succeeded"


def test_a28_what_the_second_browser_takes_over_the_first_can_no_longer_do(
    desk: ServedCard, walk: Walk, visit: Visit
) -> None:
    first = visit(desk.holder).begin()
    desk.page.acts("open", capability=first.capability())
    desk.page.wait_for(PIN_SCREEN)
    desk.watch.begin_again()
    second = visit(desk.holder)
    desk.place.let_sms_rest()
    second.move_into(walk.page.context)
    walk.page.goto(desk.place.origin + UNLOCK)
    walk.hands.press(walk.button(walk.words.proceed))
    walk.hands.press(walk.button("Önceki işlemi iptal et, burada başla"))
    expect(walk.box(walk.words.sms_code)).to_be_visible()
    desk.page.acts("set-pin", pin=NEW_PIN, repeat=NEW_PIN)
    ended = desk.page.wait_for("ended")
    assert "Bu işlem portalda iptal edildi." in json.dumps(ended, ensure_ascii=False)
    assert desk.watch.untouched
    assert "secret-released" not in events(desk.place, first.operation)
    walk.enter_code()
    second.operation = walk.page.url.rpartition("/")[2]
    desk.page.acts("open", capability=second.capability())
    desk.page.wait_for(PIN_SCREEN)
    desk.page.acts("set-pin", pin=NEW_PIN, repeat=NEW_PIN)
    desk.page.wait_for("done")
    assert second.state == "succeeded"


def test_a28_of_browsers_that_begin_at_the_same_moment_one_has_begun(desk: ServedCard, visit: Visit) -> None:
    browsers = [visit(desk.holder) for _ in range(3)]
    desk.place.let_sms_rest()
    with ThreadPoolExecutor(len(browsers)) as at_once:
        answers = list(at_once.map(lambda browser: browser.press_proceed(), browsers))
    assert sorted(answer.status_code for answer in answers) == [302, 409, 409]
    assert open_ones(desk) == ["awaiting_code"]
    begun = next(each for each in zip(browsers, answers, strict=True) if each[1].status_code == 302)
    begun[0].operation = begun[1].headers["location"].rpartition("/")[2]


@pytest.fixture
def second_service(service: Installation) -> Iterator[LocalPage]:
    """Another card service at the same readers, as another account or a copy of the program may run it."""
    with contextlib.ExitStack() as held:
        other = another_service(service, held, "pcsc")
        child = other.start()
        held.callback(service.children.running.remove, child)
        held.callback(child.stop)
        yield LocalPage(other.port)


def test_a29_the_second_card_service_is_refused_and_the_first_goes_on(
    service: Installation, second_service: LocalPage, ayse: Enrolled, visit: Visit, page: Page
) -> None:
    browser = visit(ayse).begin()
    capability = browser.capability()
    first = LocalPage(service.service.port)
    first.acts("open", capability=capability)
    first.wait_for(PIN_SCREEN)
    watch = CardWatch(ayse.card)
    page.goto(f"{second_service.origin}/#cap={capability}")
    expect(page.get_by_text(ELSEWHERE)).to_be_visible()
    assert watch.secrets == []
    assert "claim-refused" in events(service, browser.operation)
    assert first.view()["screen"] == PIN_SCREEN
    first.acts("set-pin", pin=NEW_PIN, repeat=NEW_PIN)
    first.wait_for("done")
    assert pin_is_accepted(service.lab, NEW_PIN)


def test_a29_of_two_that_open_it_at_the_same_moment_one_goes_on(
    service: Installation, second_service: LocalPage, ayse: Enrolled, visit: Visit
) -> None:
    browser = visit(ayse).begin()
    capability = browser.capability()
    pins = {LocalPage(service.service.port): NEW_PIN, second_service: OTHER_PIN}
    with ThreadPoolExecutor(len(pins)) as at_once:
        list(at_once.map(lambda each: each.acts("open", capability=capability), pins))
        views = at_once.map(lambda each: each.wait_for(PIN_SCREEN, "ended"), pins)
        reached = dict(zip(pins, views, strict=True))
    (winner,) = (each for each, view in reached.items() if view["screen"] == PIN_SCREEN)
    (loser,) = pins.keys() - {winner}
    assert ELSEWHERE in json.dumps(reached[loser], ensure_ascii=False)
    winner.acts("set-pin", pin=pins[winner], repeat=pins[winner])
    winner.wait_for("done")
    assert events(service, browser.operation).count("secret-released") == 1
    assert pin_is_accepted(service.lab, pins[winner])
