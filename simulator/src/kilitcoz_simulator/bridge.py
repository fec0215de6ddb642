"""Any object that answers APDUs, as a card in a reader: serve it to vpcd, so that real tools can speak to it.

with VpcdClient(Slot(BridgedCard(stranger.transmit, atr=ATR)), to_address("127.0.0.1", 35963)):
    ...
"""

from collections.abc import Callable

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import CommandApdu, ResponseApdu
from kilitcoz_simulator.transmission import INS_GET_RESPONSE, LongAnswer, is_extended, response_limit


def _nothing() -> None:
    """What a card without power switch does."""


class BridgedCard:
    """`transmit`: one command APDU in, one response APDU out. `on`, `off`: what power means to that object.

    One thing is added that belongs to the wire and not to the card: an answer longer than the reader asked
    for is handed out in parts (61xx and GET RESPONSE), because readers would otherwise cut or refuse it.
    """

    def __init__(
        self,
        transmit: Callable[[bytes], bytes],
        *,
        atr: bytes,
        on: Callable[[], None] = _nothing,
        off: Callable[[], None] = _nothing,
    ) -> None:
        self._transmit = transmit
        self._atr = atr
        self._on = on
        self._off = off
        self._answer = LongAnswer()

    @property
    def atr(self) -> bytes:
        """As given."""
        return self._atr

    def power_on(self) -> bytes:
        """Off and on again: a reset is always a cold one here, so that nothing verified outlives it."""
        self.power_off()
        self._on()
        return self._atr

    def power_off(self) -> None:
        """The object's own power-off."""
        self._answer.forget()
        self._off()

    def transmit(self, command: bytes) -> bytes:
        """One command APDU, one response APDU."""
        try:
            parsed = CommandApdu.from_bytes(command)
        except CardMalformed:
            return self._transmit(command)  # what it says to that is its own affair
        limit = response_limit(parsed, extended=is_extended(command))
        if parsed.ins == INS_GET_RESPONSE and (part := self._answer.go_on(limit)) is not None:
            return part
        self._answer.forget()
        response = ResponseApdu.from_bytes(self._transmit(command))
        if response.sw.is_success and len(response.data) > limit:
            return self._answer.begin(response.data, limit)
        return response.to_bytes()
