"""A swap that no reader can see: after so many commands another card answers, without a reset (A22)."""

from kilitcoz_simulator.card import InReader


class SwappedCard:
    """Two cards that look like one to the reader: `first` for `after` commands, then `second` for good."""

    def __init__(self, first: InReader, second: InReader, *, after: int) -> None:
        self._current = first
        self._second = second
        self._left = after

    @property
    def atr(self) -> bytes:
        """The present card's."""
        return self._current.atr

    def power_on(self) -> bytes:
        """The present card's."""
        return self._current.power_on()

    def power_off(self) -> None:
        """The present card's."""
        self._current.power_off()

    def transmit(self, command: bytes) -> bytes:
        """The present card's; the second one is powered when its turn comes."""
        if self._left == 0 and self._current is not self._second:
            self._current.power_off()
            self._current = self._second
            self._current.power_on()
        self._left = max(0, self._left - 1)
        return self._current.transmit(command)
