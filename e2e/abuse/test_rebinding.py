"""A15: a name of the attacker's turns from his server to 127.0.0.1, so that his script has our address."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from e2e.abuse.siege import Siege
from e2e.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from e2e.profile import profile

FOREIGN_NAMES = ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example")
AS_OUR_OWN_SCRIPT = """async () => {
    const learnt = [];
    const json = {"Content-Type": "application/json", "X-Kilitcoz-Page": "x.y"};
    for (const path of ["/", "/api/view", "/api/service?challenge=" + "x".repeat(20), "/static/page.js"])
        learnt.push((await fetch(path)).status);
    for (const act of ["set-pin", "cancel", "open", "hand-over", "language"])
        learnt.push((await fetch(`/api/${act}`, {method: "POST", headers: json, body: "{}"})).status);
    return learnt;
}"""


@pytest.fixture(scope="module")
def rebound(browser: Browser) -> Iterator[Browser]:
    """A Chromium for which every name of the attacker's is this machine.

    Its own check of who reaches loopback is off, as it is in every other browser and was until version 142.
    """
    rules = ["--host-resolver-rules=MAP *.example 127.0.0.1", "--disable-features=LocalNetworkAccessChecks"]
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=[*CHROMIUM_ARGUMENTS, *rules])
    yield chromium
    chromium.close()


@pytest.fixture
def page(rebound: Browser) -> Iterator[Page]:
    """A tab in it."""
    with profile(rebound) as context:
        yield context.new_page()


def served_by_the_attacker(route: Route) -> None:
    """The page that came before the name turned."""
    route.fulfill(body="<!doctype html><title>Bedava</title>", content_type="text/html")


@pytest.mark.parametrize("name", FOREIGN_NAMES)
def test_a15_a_script_whose_name_has_turned_to_us_learns_and_does_nothing(
    siege: Siege, page: Page, name: str
) -> None:
    turned = f"http://{name}:{siege.page.port}"
    page.route(f"{turned}/bedava", served_by_the_attacker)
    page.goto(f"{turned}/bedava")
    with siege.held():
        assert set(page.evaluate(AS_OUR_OWN_SCRIPT)) == {421}


@pytest.mark.parametrize("name", [*FOREIGN_NAMES, "localhost"])
def test_a15_by_a_foreign_name_the_local_page_is_not_shown(siege: Siege, page: Page, name: str) -> None:
    with siege.held():
        answer = page.goto(f"http://{name}:{siege.page.port}/")
    assert answer is not None
    assert answer.status == 421
    assert "page-token" not in page.content()


def test_a15_every_spelling_of_the_address_but_ours_is_refused(siege: Siege) -> None:
    port = siege.page.port
    spellings = ["127.0.0.1", f"127.1:{port}", f"0x7f000001:{port}", f"2130706433:{port}", f"0.0.0.0:{port}"]
    spellings += [f"[::ffff:127.0.0.1]:{port}", f"127.0.0.1.:{port}", f"evil.example@127.0.0.1:{port}", ""]
    spellings += [f"127.0.0.1:{port + 1}", f"127.0.0.1:0{port}", f"127.0.0.1:{port},evil.example"]
    with siege.held():
        for host in spellings:
            assert siege.page.sends("GET", "/", [("host", host)]).status in (400, 421), host
        assert siege.page.sends("GET", "/", []).status in (400, 421)
        assert (
            siege.page.sends("GET", f"http://evil.example:{port}/", [("host", "evil.example")]).status == 421
        )
