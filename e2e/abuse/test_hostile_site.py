"""A14 in a real browser: a hostile page, open beside ours, tries all that a page can do to the local page."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Response

from e2e.abuse.hostile_site import HostileSite
from e2e.abuse.siege import Siege

PATHS = ["/", "/api/view", "/api/service?challenge=" + "x" * 20, "/api/set-pin", "/api/cancel"]
TYPES = ["application/json", "text/plain", "application/x-www-form-urlencoded"]
FETCHES = """async ([target, paths, types]) => {
    const learnt = [];
    const attempt = async (path, method, mode, type) => {
        const init = {method, mode, credentials: "include", headers: {"content-type": type}};
        const pins = JSON.stringify({pin: "73920415", repeat: "73920415"});
        if (method === "POST") init.body = path === "/api/cancel" ? "{}" : pins;
        try {
            const answer = await fetch(target + path, init);
            learnt.push([answer.type, await answer.text()]);
        } catch (error) { learnt.push(["error", ""]); }
    };
    for (const path of paths) for (const method of ["GET", "POST"])
        for (const mode of ["cors", "no-cors"]) for (const type of types)
            await attempt(path, method, mode, type);
    navigator.sendBeacon(target + "/api/cancel", new Blob(["{}"], {type: "text/plain"}));
    return learnt;
}"""
FROM_A_SANDBOX = """async ([script, argument]) => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.srcdoc = `<script>(${script})(${JSON.stringify(argument)})
        .then(told => parent.postMessage(told, "*"))</` + "script>";
    const told = new Promise(done => addEventListener("message", event => done(event.data)));
    document.body.append(frame);
    return await told;
}"""
SOCKETS = """async target => {
    const ends = [];
    const end = thing => new Promise(done => {
        thing.onopen = () => done("open");
        thing.onmessage = () => done("message");
        thing.onerror = () => done("error");
    });
    for (const path of ["/", "/api/view", "/api/set-pin"]) {
        ends.push(await end(new WebSocket(target.replace("http", "ws") + path)));
        ends.push(await end(new EventSource(target + path)));
    }
    return ends;
}"""
EMBEDDED = """async ([target, kind]) => {
    const node = document.createElement(kind);
    const done = new Promise(resolve => { node.onload = node.onerror = event => resolve(event.type) });
    const names = {object: "data", link: "href"};
    if (kind === "link") node.rel = "stylesheet";
    node[names[kind] ?? "src"] = target;
    document.body.append(node);
    return await done;
}"""
EMBEDDABLE = {
    "iframe": "/",
    "object": "/",
    "embed": "/",
    "script": "/static/page.js",
    "img": "/static/icon.svg",
    "link": "/static/page.css",
}
FORM = """([target, where, type]) => {
    const form = document.createElement("form");
    Object.assign(form, {action: target, method: "post", enctype: type, target: where});
    const field = document.createElement("input");
    field.name = '{"x":"'; field.value = '"}';  // with text/plain this is JSON
    form.append(field);
    const frame = document.createElement("iframe");
    frame.name = "frame";
    document.body.append(frame, form);
    form.submit();
}"""


@pytest.fixture
def site() -> Iterator[HostileSite]:
    """The hostile site."""
    with HostileSite() as running:
        yield running


@pytest.fixture
def hostile(page: Page, site: HostileSite) -> Page:
    """Ayşe has the hostile page open."""
    page.goto(site.origin)
    return page


def test_a14_no_fetch_learns_or_does_anything(siege: Siege, hostile: Page) -> None:
    with siege.held():
        learnt = hostile.evaluate(FETCHES, [siege.page.origin, PATHS, TYPES])
    assert len(learnt) == len(PATHS) * 2 * 2 * len(TYPES)
    assert {tuple(each) for each in learnt} <= {("error", ""), ("opaque", "")}


def test_a14_no_fetch_without_an_origin_of_its_own_does_either(siege: Siege, hostile: Page) -> None:
    with siege.held():
        learnt = hostile.evaluate(FROM_A_SANDBOX, [FETCHES, [siege.page.origin, PATHS, TYPES]])
    assert {tuple(each) for each in learnt} <= {("error", ""), ("opaque", "")}


def test_a14_no_socket_and_no_event_stream_opens(siege: Siege, hostile: Page) -> None:
    with siege.held():
        assert set(hostile.evaluate(SOCKETS, siege.page.origin)) == {"error"}


@pytest.mark.parametrize("kind", EMBEDDABLE)
def test_a14_nothing_of_ours_is_embedded(siege: Siege, hostile: Page, kind: str) -> None:
    target = siege.page.origin + EMBEDDABLE[kind]
    with siege.held():
        with hostile.context.expect_event("request", lambda request: request.url == target) as asked:
            event = hostile.evaluate(EMBEDDED, [target, kind])
        answer = asked.value.response()  # none where the browser itself gave up
    assert answer is None or answer.status == 403
    assert event == "error" or kind in ("iframe", "embed"), "what these load is the browser's own error page"


@pytest.mark.parametrize("where", ["_self", "_blank", "frame"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a14_no_form_does_anything(siege: Siege, hostile: Page, where: str, kind: str) -> None:
    target = f"{siege.page.origin}/api/cancel"
    with siege.held():
        with hostile.context.expect_event("response", _to(target)) as answered:
            hostile.evaluate(FORM, [target, where, kind])
        assert answered.value.status == 403


def test_a14_a_page_that_opens_ours_cannot_reach_into_it(siege: Siege, hostile: Page) -> None:
    with siege.held():
        with hostile.expect_popup() as opened:
            hostile.evaluate(
                "target => { window.theirs = window.open(target + '/', 'theirs') }", siege.page.origin
            )
        ours = opened.value
        ours.get_by_label("Yeni PIN Kodu", exact=True).wait_for()
        assert hostile.evaluate("theirs.closed"), "the handle is cut off (Cross-Origin-Opener-Policy)"
        assert ours.evaluate("opener") is None
        hostile.evaluate("theirs.postMessage('set-pin', '*')")
        hostile.evaluate("target => { theirs.location = target }", f"{hostile.url}?instead")
        assert ours.url == f"{siege.page.origin}/"
        ours.close()


def test_a14_navigating_anywhere_in_ours_only_shows_it(
    siege: Siege, hostile: Page, site: HostileSite
) -> None:
    with siege.held():
        for path in ("/api/cancel", "/api/set-pin?pin=73920415&repeat=73920415", "/api/view", "/?cancel=1"):
            hostile.goto(site.origin)
            with hostile.expect_navigation(url=f"{siege.page.origin}{path}"):
                hostile.evaluate("target => { location = target }", f"{siege.page.origin}{path}")
            assert "73920415" not in hostile.content()
    assert b"page-token" not in b"".join(site.heard)


def test_a16_a_hostile_page_beside_the_portal_does_nothing_with_the_holders_session(
    siege: Siege, hostile: Page
) -> None:
    """The worst neighbour: another port of the portal's own host, to which the browser sends its cookies."""
    portal = siege.visitor
    portal.move_into(hostile.context)
    targets = [f"{portal.place.origin}{portal.page}/iptal", f"{portal.place.origin}/islemler/kilit-cozme"]
    with siege.held():
        for target in targets:
            with hostile.context.expect_event("response", _to(target)) as answered:
                hostile.evaluate(FORM, [target, "_blank", "application/x-www-form-urlencoded"])
            assert "kilitcoz=" in answered.value.request.all_headers().get("cookie", "")
            assert answered.value.status == 403


def _to(url: str) -> Callable[[Response], bool]:
    return lambda answer: answer.url == url
