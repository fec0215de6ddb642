"""What a card was asked and what it answered: names, headers, lengths, status words. Never a data field.

Tests read it (`card.log`), and `--log FILE` writes it as JSON lines while it grows: one object per power-on,
command and power-off, the last with the number of commands of that power cycle.
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass

NAMES = {
    0x20: "VERIFY",
    0x24: "CHANGE REFERENCE DATA",
    0x2C: "RESET RETRY COUNTER",
    0x47: "GENERATE ASYMMETRIC KEY PAIR",
    0x87: "GENERAL AUTHENTICATE",
    0xA4: "SELECT",
    0xC0: "GET RESPONSE",
    0xCB: "GET DATA",
    0xDB: "PUT DATA",
    0xF6: "MOVE KEY",
    0xF7: "GET METADATA",
    0xF8: "GET SERIAL",
    0xF9: "ATTEST",
    0xFA: "SET PIN RETRIES",
    0xFB: "RESET",
    0xFD: "GET VERSION",
    0xFE: "IMPORT ASYMMETRIC KEY",
    0xFF: "SET MANAGEMENT KEY",
}
"""Command names by INS; another INS is logged as `INS xx`."""


@dataclass(frozen=True)
class LoggedCommand:
    """One command APDU. `sw`: four hex digits, None = no answer left the card."""

    cycle: int  # counts power-ons and resets from 1
    number: int  # within the cycle, from 1
    name: str
    header: str  # CLA INS P1 P2, eight hex digits
    command_length: int  # Nc
    response_length: int  # Nr
    sw: str | None
    milliseconds: float

    @property
    def ins(self) -> int:
        """The instruction byte."""
        return int(self.header[2:4], 16)

    @property
    def p2(self) -> int:
        """The second parameter: for most PIV commands the key reference."""
        return int(self.header[6:8], 16)


class ApduLog:
    """The commands since the card was made (the last 100,000), oldest first.

    `sink` gets each event as one line of JSON.
    """

    def __init__(self, sink: Callable[[str], object] | None = None) -> None:
        self.commands: deque[LoggedCommand] = deque(maxlen=100_000)
        self.cycle = 0
        self._number = 0
        self._sink = sink

    def power_on(self) -> None:
        """A new power cycle begins."""
        self.cycle += 1
        self._number = 0
        self._write(event="power_on", cycle=self.cycle)

    def power_off(self) -> None:
        """The power cycle ends, by the reader's will or by removal."""
        self._write(event="power_off", cycle=self.cycle, commands=self._number)

    def command(
        self, header: bytes, *, command_length: int, response: bytes | None, milliseconds: float
    ) -> None:
        """Adds one command; of `response` only the length and the last two bytes are kept."""
        self._number += 1
        entry = LoggedCommand(
            cycle=self.cycle,
            number=self._number,
            name=NAMES.get(header[1], f"INS {header[1]:02X}"),
            header=header.hex(),
            command_length=command_length,
            response_length=len(response) - 2 if response else 0,
            sw=response[-2:].hex() if response else None,
            milliseconds=round(milliseconds, 3),
        )
        self.commands.append(entry)
        self._write(event="command", **asdict(entry))

    def of_cycle(self, cycle: int | None = None) -> list[LoggedCommand]:
        """The commands of one power cycle; of the current one by default."""
        wanted = self.cycle if cycle is None else cycle
        return [each for each in self.commands if each.cycle == wanted]

    def names(self, cycle: int | None = None) -> list[str]:
        """The command names of one power cycle, in order."""
        return [each.name for each in self.of_cycle(cycle)]

    def count(self, name: str) -> int:
        """How often a command came, in all power cycles."""
        return sum(each.name == name for each in self.commands)

    def per_cycle(self) -> dict[int, int]:
        """Power cycle → number of its commands."""
        return {cycle: len(self.of_cycle(cycle)) for cycle in range(1, self.cycle + 1)}

    def _write(self, **event: object) -> None:
        if self._sink is not None:
            self._sink(json.dumps(event))
