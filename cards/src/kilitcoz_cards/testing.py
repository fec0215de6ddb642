"""A transport for tests: the exact APDUs of a conversation, written down in hex, and what the card answers.

    script = Script(
        ("00A4040005 A000000308 00", "9000"),
        ("0020008008 313233343536FFFF", LOST),
    )
    converse(conversation, script)
    script.assert_finished()

Part of the public interface: card service and portal test against the same scripts.
"""

from collections.abc import Sequence

from kilitcoz_cards.errors import TransportError

LOST = None
"""An answer that never comes."""

Exchange = tuple[str, str | None]
"""Command and answer in hex, spaces as one likes; the answer ends in its status word."""


class Script:
    """A Transport that plays one list of exchanges and raises AssertionError for any other command.

    With test data only: a mismatch is shown in full.
    """

    def __init__(self, *exchanges: Exchange) -> None:
        self._exchanges = list(exchanges)
        self.sent: list[bytes] = []

    def __call__(self, command: bytes) -> bytes:
        """The next answer; TransportError where it is LOST."""
        position = len(self.sent)
        self.sent.append(command)
        if position >= len(self._exchanges):
            raise AssertionError(f"command {position} is not in the script: {command.hex()}")
        expected, answer = self._exchanges[position]
        if command != bytes.fromhex(expected):
            raise AssertionError(f"command {position}: {command.hex()}, expected {expected}")
        if answer is LOST:
            raise TransportError("no answer")
        return bytes.fromhex(answer)

    def assert_finished(self) -> None:
        """Every exchange was played."""
        left = self._exchanges[len(self.sent) :]
        if left:
            raise AssertionError(f"not sent: {left}")


def torn(exchanges: Sequence[Exchange], at: int) -> tuple[Exchange, ...]:
    """The script up to command `at` (from 0), whose answer is lost."""
    return (*exchanges[:at], (exchanges[at][0], LOST))
