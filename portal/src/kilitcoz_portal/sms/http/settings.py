"""The table of a web service in the gateways' file, checked as a whole before anything is sent."""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, FilePath, field_validator, model_validator

from kilitcoz_portal.sms.http import templates
from kilitcoz_portal.sms.http.replies import IdAt, Rule
from kilitcoz_portal.sms.secrets import Secret

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")


class HttpSettings(BaseModel):
    """What is sent, and which answers mean what. Whatever no rule knows leaves the message in doubt."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kind: Literal["http"]
    url: str
    method: Literal["GET", "POST", "PUT"] = "POST"
    phone: Literal["e164", "digits", "national"] = "e164"  # +905321234567, 905321234567, 5321234567
    timeout: float = Field(default=20.0, gt=0, le=60)
    ca_file: FilePath | None = None
    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    form: dict[str, str] | None = None
    json_: dict[str, Any] | None = Field(default=None, alias="json")
    xml: str | None = None
    accepted: Rule
    again: Rule = Rule(status=[429, 503])
    refused: Rule = Rule(status=list(range(400, 500)))
    id: IdAt | None = None
    secrets: dict[str, Secret] = {}

    @field_validator("url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must begin with https:// (http:// is for this machine alone)")
        if not parts.hostname or "{" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("needs a host, and no query: that goes into the table query")
        return url

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not _HEADER_NAME.fullmatch(name) or not value.isprintable():
                raise ValueError(f"{name}: no header, or one of several lines")
        return headers

    @field_validator("xml")
    @classmethod
    def _escapes_by_itself(cls, xml: str | None) -> str | None:
        if xml is not None and "<![CDATA[" in xml:
            raise ValueError("leave CDATA out: what is put in is escaped")
        return xml

    @model_validator(mode="after")
    def _has_one_body(self) -> HttpSettings:
        bodies = [body for body in (self.form, self.json_, self.xml) if body is not None]
        if len(bodies) > 1 or (bodies and self.method == "GET"):
            raise ValueError("one of form, json and xml; none with GET")
        return self

    @model_validator(mode="after")
    def _puts_everything_somewhere(self) -> HttpSettings:
        in_message = templates.names([self.query, self.form, self.json_, self.xml])
        beside_it = templates.names([self.url, self.headers])
        known = templates.OF_A_MESSAGE | {templates.SECRET + name for name in self.secrets}
        if unknown := (in_message | beside_it) - known:
            raise ValueError(f"unknown placeholder {{{min(unknown)}}}")
        if beside_it & {"phone", "text"}:
            raise ValueError("{phone} and {text} belong into query, form, json or xml")
        if missing := {"phone", "text"} - in_message:
            raise ValueError(f"{{{min(missing)}}} is sent nowhere")
        return self
