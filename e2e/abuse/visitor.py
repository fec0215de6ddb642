"""A holder's browser without a screen: the portal's pages walked by HTTP, as quickly as they answer.

What it becomes, its session, can be carried into a real browser, which then is the browser that began.
"""

import html
import re
from types import TracebackType
from typing import Any, Self

import httpx
from playwright.sync_api import BrowserContext

from e2e.installation import Enrolled, Installation

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CHECK = re.compile(r'name="check" value="([^"]+)"')
CARD = re.compile(r'name="card" value="([^"]+)"')
CAPABILITY = re.compile(r"#cap=([\w.-]+)")
NUMBER = re.compile(r"data-number>(\d\d)<")
UNLOCK = "/islemler/kilit-cozme"


class Visitor:
    """One browser of one holder, signed in. `operation`: the id of the one begun last."""

    def __init__(self, place: Installation, holder: Enrolled) -> None:
        self.place = place
        self.holder = holder
        self.operation = ""
        self._client = httpx.Client(
            base_url=place.origin, headers={"accept-language": "tr"}, trust_env=False, timeout=30
        )

    def __enter__(self) -> Self:
        self._sign_in()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cancel()
        self._client.close()

    # pages

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        return self._client.get(path, headers=headers)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """A form of ours sent off."""
        token = self._client.cookies.get("kilitcoz-csrf") or ""
        return self._client.post(path, data={"csrfmiddlewaretoken": token, **fields})

    def raw(self, method: str, path: str, **request: Any) -> httpx.Response:
        """A request of this browser's machine, without its cookies and its token."""
        return httpx.request(method, f"{self.place.origin}{path}", trust_env=False, timeout=30, **request)

    @property
    def cookies(self) -> dict[str, str]:
        """What makes this browser the one that began."""
        return dict(self._client.cookies.items())

    @property
    def page(self) -> str:
        """The path of the operation's page."""
        return f"{UNLOCK}/{self.operation}"

    @property
    def state(self) -> str:
        """Where this browser is told that its operation stands."""
        state: str = self.get(f"/operations/{self.operation}/state").json()["state"]
        return state

    # deeds

    def _sign_in(self) -> None:
        """Figures 3 to 5, a minute after whatever was last typed and last sent to this telephone."""
        self.place.let_sms_rest()
        self.place.let_tries_rest()
        check = _found(CHECK, self.get("/giris/sifreli"))
        fields = {"check": check, "picture_text": self.place.picture_text(check), "proof": ""}
        self.post("/giris/sifreli", id_number=self.holder.person.id_number, word=self.holder.word, **fields)
        self.get("/giris/sms")
        self.post("/giris/sms")
        entered = self.post("/giris/sms/kod", sms_code=self.place.newest_code(self.holder.person.phone))
        assert entered.headers["location"] == "/islemler"

    def press_proceed(self) -> httpx.Response:
        """Figure 7's "Tamam"."""
        return self.post(UNLOCK, card=_found(CARD, self.get(UNLOCK)))

    def begin(self) -> Self:
        """An unlock up to the moment where the card service takes over, a minute after the last one."""
        self.place.let_sms_rest()
        begun = self.press_proceed()
        assert begun.status_code == 302, begun.status_code
        self.operation = begun.headers["location"].rpartition("/")[2]
        code = self.place.newest_code(self.holder.person.phone)
        self.post(f"{self.page}/kod", sms_code=code)
        return self

    def capability(self) -> str:
        """What the portal's link carries to the card service."""
        return _found(CAPABILITY, self.get(self.page))

    @property
    def number(self) -> str:
        """The number to compare, as the portal's page shows it."""
        return _found(NUMBER, self._client.get(self.page, follow_redirects=True))

    def pairing_code(self) -> str:
        """What the portal shows for typing."""
        answer = self._client.post(
            f"{self.page}/eslestirme",
            data={"csrfmiddlewaretoken": self._client.cookies.get("kilitcoz-csrf") or ""},
            headers={"accept": "application/json"},
        )
        code: str = answer.json()["pairing_code"]
        return code

    def cancel(self) -> None:
        """Give the operation up, if there is one that can be given up."""
        if self.operation:
            self.post(f"{self.page}/iptal")

    def move_into(self, context: BrowserContext) -> None:
        """From now on this real browser is the one that began."""
        context.add_cookies(
            [{"name": name, "value": value, "url": self.place.origin} for name, value in self.cookies.items()]
        )


def _found(pattern: re.Pattern[str], answer: httpx.Response) -> str:
    match = pattern.search(answer.text)
    assert match is not None, f"{answer.url}: {answer.status_code}, nothing like {pattern.pattern}"
    return html.unescape(match[1])
