"""Steering a served card while it runs: lines on standard input, and the signal SIGUSR1.

    insert         puts the card back in            insert FILE, swap FILE   puts that card in instead
    remove         takes it out                     quit                     ends the program

Each command is answered by one line of JSON on standard output, after it was done: {"event": "inserted"},
{"event": "removed"}, {"event": "error", "message": …}. SIGUSR1 takes the card out or puts it back.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from kilitcoz_simulator.card import InReader
from kilitcoz_simulator.errors import SimulatorError
from kilitcoz_simulator.slot import Slot

_output = threading.Lock()


def report(**event: object) -> None:
    """One line of JSON on standard output, at once."""
    with _output:
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        sys.stdout.flush()


class Console:
    """Commands for one slot. `load` makes a card of a state file; `quit_requested` is set by `quit`."""

    def __init__(self, slot: Slot, card: InReader, load: Callable[[Path], InReader]) -> None:
        self._slot = slot
        self._card = card
        self._load = load
        self.quit_requested = threading.Event()

    def run(self, lines: Iterable[str]) -> None:
        """Obeys until the lines end; their end is no command to quit."""
        for line in lines:
            try:
                self._obey(line.split())
            except (SimulatorError, OSError) as error:
                report(event="error", message=str(error))

    def toggle(self) -> None:
        """Takes the card out, or puts it back."""
        self._obey(["remove" if self._slot.seat is not None else "insert"])

    def _obey(self, words: list[str]) -> None:
        match words:
            case []:
                pass
            case ["remove"]:
                self._slot.remove()
                report(event="removed")
            case ["insert"]:
                self._insert(self._card)
            case ["insert" | "swap", path]:
                self._insert(self._load(Path(path)))
            case ["quit"]:
                self.quit_requested.set()
            case _:
                report(event="error", message="commands: insert [FILE], remove, swap FILE, quit")

    def _insert(self, card: InReader) -> None:
        self._card = card
        self._slot.insert(card)
        report(event="inserted")
