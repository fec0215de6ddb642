"""A17: a bad capability is refused before the card is touched, and the page says why."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.abuse.forgery import FORGERIES, REPLAYED, Forger
from e2e.abuse.rogue_service import RogueService
from e2e.abuse.service import ServedCard
from e2e.abuse.visitor import Visitor
from e2e.profile import profile
from kilitcoz_agent.errors import PortalRefused

NEVER_MADE = {"from the future", "another typ", "a header that brings its key"}  # by the portal's own key


@pytest.fixture(scope="module")
def ayse(served: ServedCard) -> Iterator[Visitor]:
    """Ayşe's browser at the portal; her operation stands open."""
    with Visitor(served.place, served.holder) as visitor:
        yield visitor.begin()


@pytest.fixture(scope="module")
def forger(served: ServedCard, ayse: Visitor) -> Forger:
    """Has seen the capability of Ayşe's operation."""
    return Forger(served.place, ayse.capability())


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab, in which one bad link after the other is followed."""
    with profile(browser, locale="tr-TR") as context:
        yield context.new_page()


def follow(page: Page, served: ServedCard, capability: str) -> None:
    """The link, in a tab that may show the page already; returns when it was judged."""
    with page.expect_response("**/api/open"):
        page.goto(f"{served.service.url}#cap={capability}")
    assert "#" not in page.url, "the capability is not left in the address"


def refused(page: Page, sentence: str) -> None:
    """The page says this sentence and what to do, and offers no PIN field."""
    box = page.get_by_role("alert")
    expect(box).to_contain_text(sentence)
    expect(box.locator("li")).to_have_count(1)
    expect(page.locator("input.pin")).to_have_count(0)


@pytest.mark.parametrize("kind", FORGERIES)
def test_a17_a_forged_capability_is_refused_and_the_page_says_so(
    served: ServedCard, forger: Forger, tab: Page, kind: str
) -> None:
    forge, sentence = FORGERIES[kind]
    served.watch.begin_again()
    said_before = len(served.place.wire.bytes_seen)
    follow(tab, served, forge(forger))
    refused(tab, sentence)
    assert served.watch.untouched
    assert len(served.place.wire.bytes_seen) == said_before, "nobody asked the portal"


@pytest.mark.parametrize("kind", ["alg none", "the thief's key", "expired"])
def test_a17_by_the_scheme_door_a_forged_one_is_refused_as_well(
    served: ServedCard, forger: Forger, page: Page, kind: str
) -> None:
    forge, sentence = FORGERIES[kind]
    served.watch.begin_again()
    served.hand_over(forge(forger))
    page.goto(served.service.url)
    refused(page, sentence)
    assert served.watch.untouched


def test_a17_a_capability_serves_once_also_after_a_restart(
    served: ServedCard, ayse: Visitor, page: Page
) -> None:
    ayse.cancel()
    used = ayse.begin().capability()
    follow(page, served, used)
    page.get_by_role("button", name="Vazgeç").click()
    expect(page.get_by_role("heading", name="İşlemi bıraktınız")).to_be_visible()
    served.watch.begin_again()
    follow(page, served, used)
    expect(page.get_by_role("alert")).to_contain_text(REPLAYED)
    served.stop()
    served.start()
    page.goto("about:blank")
    follow(page, served, used)
    refused(page, REPLAYED)
    assert served.watch.untouched


@pytest.mark.parametrize("kind", [kind for kind in FORGERIES if kind not in NEVER_MADE])
def test_a17_the_portal_takes_it_back_no_more_than_the_card_service_takes_it(
    served: ServedCard, forger: Forger, kind: str
) -> None:
    """A thief's own program would not refuse it; the portal does."""
    forge, _ = FORGERIES[kind]
    said = RogueService(served.place, forger.true, presented=forge(forger))
    with pytest.raises(PortalRefused, match="capability-refused"):
        said.claim()
