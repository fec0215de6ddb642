"""A browser at figure 3 and no more: as lean as a thief's program, so that the portal is what is measured.

Behind our own proxy, so that each visitor has an address of its own (X-Forwarded-For).
"""

import json
import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urlencode, urlsplit

import altcha

LOGIN = "/giris/sifreli"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CHECK = re.compile(r'name="check" value="([^"]+)"')
SECONDS_PER_REQUEST = 120
SECONDS_TO_REST = 5


@dataclass
class Visitor:
    """One browser; `check`, `token` and `crowded` are those of the page it has open."""

    origin: str
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    check: str = ""
    proof: str = ""
    crowded: bool = False  # the page asks the computer to work for its turn
    requests_ms: float = 0.0  # of all requests so far

    def __post_init__(self) -> None:
        self._connection = HTTPConnection(urlsplit(self.origin).netloc, timeout=SECONDS_PER_REQUEST)
        self._used_at = 0.0
        self._body = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def open_login(self) -> None:
        """The form; a trusted browser's has no check."""
        self._ask("GET", LOGIN)

    def look_at_picture(self) -> None:
        """The check's picture, where there is one."""
        if self.check:
            self._ask("GET", f"/giris/kontrol/{self.check}/resim.png")

    def work_for_it(self) -> None:
        """The check's proof of work, as the page's worker does it while its holder types."""
        self._ask("GET", f"/giris/kontrol/{self.check}/is.json")
        challenge = altcha.Challenge.from_dict(json.loads(self._body))
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        self.proof = altcha.Payload(challenge, solution).to_base64()

    def enter(self, id_number: str, word: str, picture_text: str) -> int:
        """The form sent off; the answer's status."""
        typed = {"id_number": id_number, "word": word, "hinted": id_number, "csrfmiddlewaretoken": self.token}
        checked = (
            {"check": self.check, "picture_text": picture_text, "proof": self.proof} if self.check else {}
        )
        return self._ask("POST", LOGIN, {**typed, **checked})

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> int:
        headers = {"X-Forwarded-For": self.address, "Cookie": "; ".join(map("=".join, self.cookies.items()))}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self._used_at > SECONDS_TO_REST:
            self._connection.close()  # the server may have; the next request opens it again
        began = time.perf_counter()
        self._connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
        answer = self._connection.getresponse()
        self._body, self._used_at = answer.read(), time.monotonic()
        self.requests_ms += (time.perf_counter() - began) * 1000
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if answer.headers.get_content_type() == "text/html":
            self._arrive(self._body.decode())
        return answer.status

    def _arrive(self, page: str) -> None:
        self.token = next(iter(TOKEN.findall(page)), self.token)
        self.check = next(iter(CHECK.findall(page)), "")
        self.crowded = " data-crowded" in page
