"""What HTTP itself refuses, before operations are asked.

HttpRefusal
├── BodyTooLarge        body-too-large       413  more than 64 KiB, or of unknown length
├── MediaTypeRefused    media-type-refused   415  not application/json
└── Unauthorised        bearer-missing       401  no bearer
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from typing import ClassVar, Protocol


class ApiRefusal(Protocol):
    """What a refusal needs to be said: our errors and those of operations have it."""

    @property
    def code(self) -> str:
        """The slug."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def state(self) -> str | None:
        """The operation's state, where it is known and may be told."""


class HttpRefusal(Exception):
    """Root."""

    code: ClassVar[str] = "http-refusal"
    status: ClassVar[int] = 400
    state: None = None


class BodyTooLarge(HttpRefusal):
    """More than 64 KiB."""

    code = "body-too-large"
    status = 413


class MediaTypeRefused(HttpRefusal):
    """Another content type."""

    code = "media-type-refused"
    status = 415


class Unauthorised(HttpRefusal):
    """No bearer."""

    code = "bearer-missing"
    status = 401


class Malformed(HttpRefusal):
    """The body breaks its schema (kilitcoz_cards.errors.MessageMalformed)."""

    code = "message-malformed"
    status = 422
