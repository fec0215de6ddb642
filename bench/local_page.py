"""The card service's local page without a browser: the same requests in the same order as agent's page.js.

Every request goes over one kept connection, as a browser's would; the view is followed by long polling.
"""

import http.client
import json
import re
import time
from collections.abc import Container, Mapping
from typing import Any
from urllib.parse import urlsplit

SECONDS_TO_GIVE_UP = 60.0
TOKEN = re.compile(r'<meta name="page-token" content="([^"]+)">')

View = Mapping[str, Any]


class PageError(Exception):
    """The card service refused a request, or came to a screen that was not expected."""


class LocalPage:
    """One open tab with the local page."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._origin = f"{address.scheme}://{address.netloc}"
        self._connection = http.client.HTTPConnection(address.netloc, timeout=SECONDS_TO_GIVE_UP)
        page = self._exchange("GET", "/").decode()
        found = TOKEN.search(page)
        if found is None:
            raise PageError("the local page carries no token")
        self._token = found[1]

    def open(self, capability: str) -> View:
        """What the page does with the capability in its fragment. Raises PageError."""
        return self._act("open", {"capability": capability})

    def set_pin(self, pin: str) -> View:
        """Both fields filled in, "Yeni PIN Üret" pressed. Raises PageError."""
        return self._act("set-pin", {"pin": pin, "repeat": pin})

    def close_operation(self) -> View:
        """The last screen's button. Raises PageError."""
        return self._act("close", {})

    def follow(self, view: View, wanted: str, passing: Container[str]) -> View:
        """Waits for the screen `wanted`, through screens in `passing` only. Raises PageError."""
        give_up_at = time.monotonic() + SECONDS_TO_GIVE_UP
        while view["screen"] != wanted:
            if view["screen"] not in passing or time.monotonic() > give_up_at:
                raise PageError(
                    f"waiting for {wanted}, the local page shows {view['screen']}: {_texts(view)}"
                )
            view = json.loads(self._exchange("GET", f"/api/view?after={view['version']}"))
        return view

    def close(self) -> None:
        """The tab is closed."""
        self._connection.close()

    def _act(self, act: str, fields: Mapping[str, str]) -> View:
        view: View = json.loads(self._exchange("POST", f"/api/{act}", json.dumps(fields).encode()))
        return view

    def _exchange(self, method: str, path: str, body: bytes | None = None) -> bytes:
        headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
        if path == "/":
            headers = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        else:
            headers["X-Kilitcoz-Page"] = self._token
        if body is not None:
            headers |= {"Content-Type": "application/json", "Origin": self._origin}
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise PageError(f"{method} {urlsplit(path).path}: status {response.status}: {answer[:200]!r}")
        return answer


def _texts(view: View) -> str:
    """The problem box of a view, or its heading."""
    problems = [block for block in view["blocks"] if block["kind"] == "problem"]
    return "; ".join(item["text"] for block in problems for item in block["items"]) or str(view["heading"])
