"""Reading operations, for the page that follows one and for the menu."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Watched:
    """What the following page needs; nothing here is secret.

    `decision` is the last M4 decision ("" before the first claim), `code` says why a closed operation did not succeed.
    """

    id: str
    kind: str
    state: str
    decision: str
    code: str
    number: str
    card_label: str
    language: str
    expires_at: datetime
    is_open: bool
    completed: bool


def watch(operation_id: str, browser: str, now: datetime) -> Watched:
    """The operation as it stands at `now` (late ones read as expired). Raises OperationNotFound."""
    raise NotImplementedError
