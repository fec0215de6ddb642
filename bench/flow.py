"""One holder's whole way, from the front page to "Kart PIN başarıyla değiştirildi", as the portal sees it.

The browser loads pages and what they need, the human check's picture among it, and follows the operation as
the page's script does: a look whenever something happened, a reload where the script reloads. A scripted card
service makes its three calls. Nobody waits or types; so there are fewer looks than people's slowness brings.
"""

import re
from collections.abc import Callable

import httpx

from bench import portal_side
from bench.browser import Browser, BrowserError, Exchange, Page
from bench.registry import Walker
from bench.scripted_card import ScriptedService
from kilitcoz_cards.messages import ResultAnswer

CAPABILITY = re.compile(r"#cap=([A-Za-z0-9_.-]+)")
DONE = "Kart PIN başarıyla değiştirildi"


def walk(walker: Walker, client: httpx.Client, tell: Callable[[Exchange], None]) -> None:
    """The whole way. `client` is fresh: it has no cookies. Raises BrowserError, UnexpectedDecisionError."""
    browser = Browser(client, tell)
    menu = sign_in(walker, browser)
    operation = _start(walker, browser, menu)
    _unlock(walker, browser, operation)


def sign_in(walker: Walker, browser: Browser) -> Page:
    """Figures 1 to 6: up to the menu."""
    browser.get("/")
    browser.get("/giris")
    login = browser.get("/giris/sifreli")
    form = login.form("/giris/sifreli")
    typed = {
        "id_number": walker.id_number,
        "picture_text": portal_side.picture_text(form.fields["check"]),
        "word": walker.word,
    }
    phone = browser.submit(form, login, typed)
    code = browser.submit(phone.form("/giris/sms"), phone, {})
    return browser.submit(code.form("/giris/sms/kod"), code, _code(walker))


def _start(walker: Walker, browser: Browser, menu: Page) -> Page:
    """Figure 7's question and the unlock's own code: up to the way into the card service."""
    if "/islemler/kilit-cozme" not in menu.text:
        raise BrowserError("the menu was not reached")
    confirm = browser.get("/islemler/kilit-cozme")
    code = browser.submit(confirm.form("/islemler/kilit-cozme"), confirm, {})
    return browser.submit(code.form("/kod"), code, _code(walker))


def _unlock(walker: Walker, browser: Browser, page: Page) -> None:
    """The card service's three calls, the page following them, and the way back."""
    found = CAPABILITY.search(page.text)
    if found is None:
        raise BrowserError("the operation's page has no capability")
    state = f"/operations/{page.path.rpartition('/')[2]}/state"
    service = ScriptedService(found[1], walker.card, browser.post)
    service.claim()
    browser.fetch(state)
    browser.get(page.path)
    release = service.release()
    browser.fetch(state)
    answer = service.result(release)
    browser.fetch(state)
    browser.get(page.path)
    _come_back(browser, answer)


def _come_back(browser: Browser, answer: ResultAnswer) -> None:
    """Figure 9's "OK" on the local page leads here, the completion secret in the fragment."""
    if answer.return_url is None or answer.completion is None:
        raise BrowserError(f"the operation ended as {answer.operation_state}")
    back = browser.get(answer.return_url.partition("#")[0])
    done = browser.submit(back.form(back.path), back, {"completion": answer.completion})
    if DONE not in done.text:
        raise BrowserError("the unlock's end was not reached")


def _code(walker: Walker) -> dict[str, str]:
    return {"sms_code": portal_side.sms_code(walker.phone)}
