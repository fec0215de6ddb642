"""Steering a served card while it runs: lines on standard input, and signals.

    insert         puts the card back in            insert FILE, swap FILE   puts that card in instead
    remove         takes it out                     quit                     ends the program

Each command is answered by one line of JSON on standard output, after it was done: {"event": "inserted"},
{"event": "removed"}, {"event": "error", "message": …}. SIGUSR1 takes the card out or puts it back; SIGTERM
and SIGINT quit. All of them only queue a command: one thread obeys, so that none can come between two others.
"""

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import SimpleQueue

from kilitcoz_simulator.card import InReader
from kilitcoz_simulator.errors import SimulatorError
from kilitcoz_simulator.slot import Slot

QUIT = "quit"
TOGGLE = "toggle"


def report(**event: object) -> None:
    """One line of JSON on standard output, at once."""
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Console:
    """Commands for one slot. `load` makes a card of a state file."""

    def __init__(self, slot: Slot, card: InReader, load: Callable[[Path], InReader]) -> None:
        self._slot = slot
        self._card = card
        self._load = load
        self._queue: SimpleQueue[str] = SimpleQueue()  # its put is safe inside a signal handler

    def listen_to_signals(self) -> None:
        """From now on signals are commands. Only in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._queue.put(QUIT))
        signal.signal(signal.SIGUSR1, lambda *_: self._queue.put(TOGGLE))

    def listen_to(self, lines: Iterable[str]) -> None:
        """From now on these lines are commands; their end is no command to quit."""

        def read() -> None:
            for line in lines:
                self._queue.put(line)

        threading.Thread(target=read, daemon=True).start()

    def obey_until_quit(self) -> None:
        """Obeys one command after another."""
        while (command := self._queue.get().strip()) != QUIT:
            try:
                self._obey(command.split())
            except (SimulatorError, OSError) as error:
                report(event="error", message=str(error))

    def _obey(self, words: list[str]) -> None:
        match words:
            case []:
                pass
            case ["toggle"]:
                self._obey(["remove" if self._slot.seat is not None else "insert"])
            case ["remove"]:
                self._slot.remove()
                report(event="removed")
            case ["insert"]:
                self._insert(self._card)
            case ["insert" | "swap", path]:
                self._insert(self._load(Path(path)))
            case _:
                report(event="error", message="commands: insert [FILE], remove, swap FILE, quit")

    def _insert(self, card: InReader) -> None:
        self._card = card
        self._slot.insert(card)
        report(event="inserted")
