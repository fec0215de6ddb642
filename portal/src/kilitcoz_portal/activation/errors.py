"""Why a card's certificates are not opened now, and why such a card is not unlocked.

OperationError
├── WordLoginNeeded   activation-by-word     only "Şifreli Giriş" serves to open a certificate (figure 2)
├── NothingToOpen     activation-nothing     no certificate of this card waits to be opened
├── NotBegun          activation-not-begun   before notBefore; `until` says when it begins
└── FirstPinAwaited   first-pin-awaited      the card waits for its first PIN: none can be forgotten
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.operations.errors import OperationError


class WordLoginNeeded(OperationError):
    """This session was opened by another way."""

    code = "activation-by-word"
    status = 403


class NothingToOpen(OperationError):
    """Opened already, suspended, revoked, expired; or the card's certificates are not ours."""

    code = "activation-nothing"


class NotBegun(OperationError):
    """Nothing is sent to the card before."""

    code = "activation-not-begun"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class FirstPinAwaited(OperationError):
    """Of an unlock."""

    code = "first-pin-awaited"
