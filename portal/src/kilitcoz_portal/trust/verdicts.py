"""What a source of status says of one certificate, and that it does not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509


class State(StrEnum):
    """RFC 6960, 2.2 and RFC 5280, 5.3.1: what an issuer can say."""

    GOOD = "good"
    REVOKED = "revoked"
    ON_HOLD = "on-hold"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """The state, the source that said so, and from when to when it counts. `since`, `reason`: of one that is
    not good, where the source says it.
    """

    state: State
    source: str
    this_update: datetime
    next_update: datetime | None
    since: datetime | None = None
    reason: x509.ReasonFlags | None = None


class DoesNotCount(Exception):  # noqa: N818 - never leaves the room; `reason` names the rule
    """An answer or a list that proves nothing about this certificate."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
