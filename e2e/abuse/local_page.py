"""The local page as any program may speak to it: every method, every header, also wrong ones."""

import http.client
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PAGE_TOKEN = re.compile(r'name="page-token" content="([^"]+)"')
LONGEST_ANSWER_SECONDS = 40

Headers = Sequence[tuple[str, str]]
View = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class LocalPage:
    """The card service at this port, on IPv4 or IPv6."""

    port: int
    address: str = "127.0.0.1"

    @property
    def origin(self) -> str:
        """The only origin that may act."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """What the Host header must be."""
        return f"127.0.0.1:{self.port}"

    def sends(self, method: str, path: str, headers: Headers, body: bytes = b"") -> Answer:
        """One request on a connection of its own, with these headers and no others."""
        connection = http.client.HTTPConnection(self.address, self.port, timeout=LONGEST_ANSWER_SECONDS)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, names, response.read())
        finally:
            connection.close()

    # as our own page

    def token(self) -> str:
        """The token of a page loaded just now."""
        body = self.sends("GET", "/", [("host", self.host)]).body.decode()
        match = PAGE_TOKEN.search(body)
        assert match is not None
        return match[1]

    def ours(self, token: str, length: int) -> dict[str, str]:
        """What our own page's script sends with an act."""
        return {
            "host": self.host,
            "origin": self.origin,
            "sec-fetch-site": "same-origin",
            "sec-fetch-mode": "cors",
            "sec-fetch-dest": "empty",
            "x-kilitcoz-page": token,
            "content-type": "application/json",
            "content-length": str(length),
        }

    def acts(self, act: str, **fields: str) -> Answer:
        """What our own page does."""
        body = json.dumps(fields).encode()
        headers = list(self.ours(self.token(), len(body)).items())
        return self.sends("POST", f"/api/{act}", headers, body)

    def view(self, after: int = -1) -> View:
        """What our own page shows; waits until it is newer than `after`, or some seconds."""
        headers = [("host", self.host), ("x-kilitcoz-page", self.token())]
        shown: View = json.loads(self.sends("GET", f"/api/view?after={after}", headers).body)
        return shown

    def wait_for(self, *screens: str) -> View:
        """The view, once one of these is shown; AssertionError when the page stands still at another one."""
        shown = self.view()
        while shown["screen"] not in screens:
            newer = self.view(after=shown["version"])
            assert newer["version"] > shown["version"], f"it stands at {shown['screen']}"
            shown = newer
        return shown
