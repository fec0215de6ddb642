"""What the card service needs of card readers, whatever they are.

Three rules hold for every implementation: a card's coming and going is learned from the reader, never by
asking the card (an APDU to a stranger's card may burn a try); a transaction is exclusive and is waited in by
nobody; when it ends, however it ends, the card has been power-cycled, so that nothing it cached outlives the
deed (A31).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class ReaderStatus:
    """One reader as the system sees it. `insertion` differs whenever another card may be in."""

    name: str
    card_present: bool
    insertion: int
    mute: bool = False


Statuses = tuple[ReaderStatus, ...]


class CardTransaction(Protocol):
    """One exclusive use of one card."""

    @property
    def atr(self) -> bytes:
        """Answer to reset (ISO/IEC 7816-3:2006, 8)."""

    def transmit(self, command: bytes) -> bytes:
        """One command APDU, one response APDU. Raises kilitcoz_cards TransportError when no answer came."""


class Readers(Protocol):
    """The readers of this machine. All methods block; none is called on the event loop."""

    def statuses(self) -> Statuses:
        """Every reader now, in the system's order. Raises ReaderServiceMissing."""

    def wait_for_change(self, known: Statuses, timeout: float) -> Statuses:
        """As `statuses`, but not before it differs from `known` or `timeout` seconds have passed."""

    def transaction(self, reader: str) -> AbstractContextManager[CardTransaction]:
        """Power the card, hold it exclusively, power-cycle it at the end.

        Entering raises TransportError (no card, mute, removed), ReaderBusy or ReaderServiceMissing.
        """

    def close(self) -> None:
        """Watch no longer: `wait_for_change` returns soon, and nothing is held."""
