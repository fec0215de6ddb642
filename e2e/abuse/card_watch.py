"""What a card was asked since somebody began to watch it, read off the virtual card's own log."""

from kilitcoz_simulator.apdu_log import LoggedCommand
from kilitcoz_simulator.card import Card, InReader

VERIFY, CHANGE_REFERENCE_DATA, RESET_RETRY_COUNTER, GENERAL_AUTHENTICATE = 0x20, 0x24, 0x2C, 0x87


class CardWatch:
    """From now on, or from `begin_again`."""

    def __init__(self, card: InReader) -> None:
        assert isinstance(card, Card)
        self._card = card
        self._before = 0
        self.begin_again()

    def begin_again(self) -> None:
        """Forget what came so far."""
        self._before = len(self._card.log.commands)

    @property
    def commands(self) -> list[LoggedCommand]:
        """All that came."""
        return list(self._card.log.commands)[self._before :]

    @property
    def untouched(self) -> bool:
        """Not one APDU came."""
        return not self.commands

    @property
    def secrets(self) -> list[str]:
        """Commands that carried a PIN or a PUK."""
        with_secret = {VERIFY, CHANGE_REFERENCE_DATA, RESET_RETRY_COUNTER}
        return [each.name for each in self.commands if each.ins in with_secret and each.command_length]
