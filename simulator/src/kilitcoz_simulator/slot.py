"""A reader's slot: cards are put in, taken out, swapped, torn out, while readers talk to them.

Thread-safe. The card itself is touched only by the connection that powers it; taking a card out closes its
connections, and whoever was talking to it notices.
"""

import threading
from dataclasses import dataclass, field

from kilitcoz_simulator.card import InReader
from kilitcoz_simulator.framing import FramedSocket


@dataclass(eq=False)
class Seat:
    """One stay of one card in the slot. `power`: held by the connection that has powered the card."""

    card: InReader
    power: threading.Lock = field(default_factory=threading.Lock)
    connections: set[FramedSocket] = field(default_factory=set)


class Slot:
    """At most one card. `reinsert_after`: seconds until a torn card is put back; None = it stays out."""

    def __init__(self, card: InReader | None = None, *, reinsert_after: float | None = 0.5) -> None:
        self._changed = threading.Condition()
        self._seat: Seat | None = Seat(card) if card is not None else None
        self._reinsert_after = reinsert_after

    @property
    def seat(self) -> Seat | None:
        """The stay of the card that is in now."""
        return self._seat

    def insert(self, card: InReader) -> None:
        """Puts a card in; one that is in is taken out first."""
        with self._changed:
            self._end_stay()
            self._seat = Seat(card)
            self._changed.notify_all()

    def remove(self) -> InReader | None:
        """Takes the card out, also in the middle of a command. Returns it, or None when there was none."""
        with self._changed:
            return self._end_stay()

    def torn(self, seat: Seat) -> None:
        """The card of this stay left by accident; it comes back after `reinsert_after`."""
        with self._changed:
            if self._seat is not seat:
                return
            self._end_stay()
        if self._reinsert_after is not None:
            timer = threading.Timer(self._reinsert_after, self._put_back, (seat.card,))
            timer.daemon = True
            timer.start()

    def wait_for_card(self, seconds: float) -> Seat | None:
        """The current stay, as soon as there is one; None when there was none in this time."""
        with self._changed:
            self._changed.wait_for(lambda: self._seat is not None, seconds)
            return self._seat

    def join(self, seat: Seat, connection: FramedSocket) -> bool:
        """Counts a connection to this stay; False when the card has gone meanwhile."""
        with self._changed:
            if self._seat is not seat:
                return False
            seat.connections.add(connection)
            return True

    def leave(self, seat: Seat, connection: FramedSocket) -> None:
        """The connection is over."""
        with self._changed:
            seat.connections.discard(connection)

    def _put_back(self, card: InReader) -> None:
        with self._changed:
            if self._seat is None:
                self._seat = Seat(card)
                self._changed.notify_all()

    def _end_stay(self) -> InReader | None:
        seat, self._seat = self._seat, None
        if seat is None:
            return None
        for connection in seat.connections:
            connection.close()
        return seat.card
