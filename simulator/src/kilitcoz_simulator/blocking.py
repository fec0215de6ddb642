"""Using up a card's tries as people do it: by real VERIFY commands with a wrong PIN, on any PIV card."""

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import AUTHENTICATION_METHOD_BLOCKED, CommandApdu, ResponseApdu
from kilitcoz_simulator.card import InReader
from kilitcoz_simulator.state import pin_block

_SELECT_PIV = CommandApdu(0x00, 0xA4, 0x04, 0x00, bytes.fromhex("a000000308"), ne=256)
_GUESSES = ("000000", "999999")  # two, for the card whose PIN is one of them
_MOST_TRIES = 256


def block_pin(card: InReader) -> int:
    """Types wrong PINs until the card says that no tries are left (63C0 or 6983). Returns how many it took.

    Powers the card and turns it off again. CardMalformed when it still answers otherwise after 256 tries.
    """
    card.power_on()
    try:
        card.transmit(_SELECT_PIV.to_bytes())
        wrong = next(guess for guess in _GUESSES if not _verify(card, guess).sw.is_success)
        for tries in range(2, _MOST_TRIES):
            sw = _verify(card, wrong).sw
            if sw == AUTHENTICATION_METHOD_BLOCKED or sw.retries_left == 0:
                return tries
        raise CardMalformed("the PIN does not block")
    finally:
        card.power_off()


def _verify(card: InReader, pin: str) -> ResponseApdu:
    command = CommandApdu(0x00, 0x20, 0x00, 0x80, pin_block(pin))
    return ResponseApdu.from_bytes(card.transmit(command.to_bytes()))
