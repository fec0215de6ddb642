"""One message as one request to a web service.

Each has a connection of its own: where an old one is closed by the other side at the very moment of use,
nobody could say whether the message was taken.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import httpx

from kilitcoz_portal.outgoing.gateways import AnswerLost, NotAccepted, Parcel, Refused
from kilitcoz_portal.sms.http.replies import Reply
from kilitcoz_portal.sms.http.settings import LOOPBACK, HttpSettings
from kilitcoz_portal.sms.http.templates import SECRET, filled, filled_throughout
from kilitcoz_portal.sms.phones import written

MOST_OF_A_REPLY = 64 * 1024


class HttpGateway:
    """A service as its table describes it."""

    is_local = False

    def __init__(self, name: str, settings: HttpSettings) -> None:
        self.name = name
        self.seconds = settings.timeout
        self._settings = settings
        self._trust = ssl.create_default_context(cafile=settings.ca_file)
        self._secrets = {SECRET + key: value.get_secret_value() for key, value in settings.secrets.items()}

    def open(self) -> None:
        """Nothing to open: every message opens its own connection."""

    def close(self) -> None:
        """Nothing is open."""

    def send(self, parcel: Parcel) -> str:
        """Raises NotAccepted where no connection came about or the service asks to try again, Refused where
        it will not have the message, AnswerLost for everything else that is no acceptance.
        """
        reply = self._reply_to(self._request(parcel))
        if self._settings.accepted.holds(reply):
            return self._settings.id.read(reply)[:128] if self._settings.id else ""
        if self._settings.again.holds(reply):
            raise NotAccepted("gateway-busy")
        if self._settings.refused.holds(reply):
            raise Refused("gateway-refused")
        raise AnswerLost("answer-unclear")

    def _request(self, parcel: Parcel) -> httpx.Request:
        asked = self._settings
        values = self._secrets | {
            "phone": written(parcel.address, asked.phone),
            "text": parcel.text,
            "purpose": parcel.purpose,
            "id": parcel.reference,
        }
        return httpx.Request(
            asked.method,
            filled(asked.url, values, lambda value: quote(value, safe="")),
            headers={name: filled(value, values) for name, value in asked.headers.items()},
            params=filled_throughout(asked.query, values) or None,
            **self._body(values),
        )

    def _body(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The request's body, as httpx takes it."""
        asked = self._settings
        if asked.form is not None:
            return {"data": filled_throughout(asked.form, values)}
        if asked.json_ is not None:
            return {"json": filled_throughout(asked.json_, values)}
        if asked.xml is not None:
            return {"content": filled(asked.xml, values, _escaped).encode()}
        return {}

    def _reply_to(self, request: httpx.Request) -> Reply:
        until = time.monotonic() + self.seconds
        here = request.url.host in LOOPBACK  # a proxy, where the environment names one, is for elsewhere
        try:
            with httpx.Client(verify=self._trust, timeout=self.seconds, trust_env=not here) as client:
                response = client.send(request, stream=True)
                body = b"".join(_in_time(response.iter_bytes(), until))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
            raise NotAccepted("gateway-unreachable") from None
        except httpx.HTTPError:
            raise AnswerLost("answer-lost") from None
        return Reply(response.status_code, body.decode(errors="replace"))


def _in_time(parts: Iterator[bytes], until: float) -> Iterator[bytes]:
    """No reply longer than the time or the room for one: what came until then is judged."""
    size = 0
    for part in parts:
        size += len(part)
        if size > MOST_OF_A_REPLY or time.monotonic() > until:
            return
        yield part


def _escaped(value: str) -> str:
    return escape(value, {'"': "&quot;", "'": "&apos;"})
