"""A holder's browser without a screen: cookies, redirects, forms with hidden fields, and what a page loads.

Every exchange with the portal is timed, and told under its endpoint's name so that equal ones compare.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx

MOST_REDIRECTS = 5
IDENTIFIER = re.compile(r"/[A-Za-z0-9_-]{22}(?=/|$)")
LOADED = {"link": "href", "script": "src", "img": "src"}


class BrowserError(Exception):
    """The portal answered what a holder's way does not have; the sentence names address and status."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer: `GET /operations/…/state`, and the milliseconds between them."""

    endpoint: str
    milliseconds: float


@dataclass
class Form:
    """A form as it stands in the page: where it goes, and its hidden fields."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One page: its address and text, its forms in order, the addresses of what it loads."""

    address: str
    text: str
    forms: list[Form]
    loads: list[str]

    @property
    def path(self) -> str:
        """The path of its address."""
        return urlsplit(self.address).path

    def form(self, action: str) -> Form:
        """The first form whose action ends so. Raises BrowserError."""
        for form in self.forms:
            if (form.action or self.path).endswith(action):
                return form
        raise BrowserError(f"{IDENTIFIER.sub('/…', self.path)} has no form for {action}")


class Browser:
    """One visitor with an empty cache. `tell` hears of every exchange."""

    def __init__(self, client: httpx.Client, tell: Callable[[Exchange], None]) -> None:
        self._client = client
        self._tell = tell
        self._cached: set[str] = set()

    def get(self, path: str) -> Page:
        """Goes to an address and loads what its page needs. Raises BrowserError."""
        return self._arrive(self._send("GET", path))

    def submit(self, form: Form, page: Page, typed: Mapping[str, str]) -> Page:
        """Sends a form with what was typed, and goes where it leads. Raises BrowserError."""
        address = form.action or page.path
        return self._arrive(self._send("POST", address, {**form.fields, **typed}))

    def fetch(self, path: str) -> bytes:
        """What a script of the page asks for. Raises BrowserError."""
        return self._send("GET", path).content

    def post(self, path: str, body: bytes, bearer: str) -> bytes:
        """What the card service sends; here only to be timed with the rest. Raises BrowserError."""
        headers = {"content-type": "application/json", "authorization": f"Bearer {bearer}"}
        return self._timed(self._client.build_request("POST", path, content=body, headers=headers)).content

    def _arrive(self, response: httpx.Response) -> Page:
        for _ in range(MOST_REDIRECTS):
            if not response.is_redirect:
                break
            response = self._send("GET", response.headers["location"])
        parser = _Parser()
        parser.feed(response.text)
        page = Page(str(response.url), response.text, parser.forms, parser.loads)
        for path in page.loads:
            if path not in self._cached:
                self._cached.add(path)
                self._send("GET", path)
        return page

    def _send(self, method: str, path: str, form: Mapping[str, str] | None = None) -> httpx.Response:
        headers = {"origin": str(self._client.base_url).rstrip("/")} if method == "POST" else {}
        return self._timed(self._client.build_request(method, path, data=form, headers=headers))

    def _timed(self, request: httpx.Request) -> httpx.Response:
        started = time.perf_counter()
        response = self._client.send(request)
        milliseconds = (time.perf_counter() - started) * 1000
        path = IDENTIFIER.sub("/…", request.url.path)
        if response.is_error:
            raise BrowserError(f"{request.method} {path}: status {response.status_code}: {_said(response)}")
        self._tell(Exchange(f"{request.method} {path}", milliseconds))
        return response


class _Parser(HTMLParser):
    """Collects the forms and what the page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "input" and given.get("type") == "hidden" and self.forms:
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag in LOADED and given.get(LOADED[tag]):
            self.loads.append(given[LOADED[tag]])


def _said(response: httpx.Response) -> str:
    """The headings and boxes of an error page, or the body of a JSON refusal, shortened."""
    text = re.sub(r"<[^>]+>", " ", response.text.partition("<main")[2] or response.text)
    return " ".join(text.split())[:300]
