"""Cards that are not what they seem: a clone with other keys, and two cards that a reader takes for one."""

from dataclasses import replace

from kilitcoz_simulator import keys
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.issuing import random_digits
from kilitcoz_simulator.state import ReferenceData, pin_block


def clone_of(card: InReader) -> Card:
    """All that can be read off a card: identifiers, certificates, tries. Its keys, PIN and PUK cannot."""
    assert isinstance(card, Card)
    state = card.state
    for slot, key in state.keys.items():
        made = keys.generate(keys.ALGORITHMS[key.algorithm])
        state = state.with_key(slot, replace(key, private_der=keys.to_der(made)))
    return Card(replace(state, pin=_another(state.pin), puk=_another(state.puk)))


def _another(known: ReferenceData) -> ReferenceData:
    return replace(known, value=pin_block(random_digits(8)))


class SwitchedCard:
    """Two cards in one reader, which sees neither a removal nor a reset when they change places."""

    def __init__(self, first: InReader, second: InReader) -> None:
        self._present = first
        self._next = first
        self._second = second

    def switch(self) -> None:
        """From the next command on the second card answers."""
        self._next = self._second

    @property
    def atr(self) -> bytes:
        """The present card's."""
        return self._present.atr

    def power_on(self) -> bytes:
        """The present card's."""
        self._present = self._next
        return self._present.power_on()

    def power_off(self) -> None:
        """The present card's."""
        self._present.power_off()

    def transmit(self, command: bytes) -> bytes:
        """The present card's; the second one is powered when its turn comes."""
        if self._next is not self._present:
            self._present.power_off()
            self.power_on()
        return self._present.transmit(command)
