"""A virtual PIV card: power, transmission (chaining both ways), applications, memory, accidents, log.

    card = Card(state)                     # or Card.from_file(path)
    atr = card.power_on()
    answer = card.transmit(bytes.fromhex("00a4040005a000000308"))
    card.power_off()

Rule: what a command changed is in the memory before the answer leaves the card. A handler that raises
anything else than a refusal leaves the memory as it was.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import (
    FILE_NOT_FOUND,
    INCORRECT_P1_P2,
    INSTRUCTION_NOT_SUPPORTED,
    SUCCESS,
    WRONG_LENGTH,
    CommandApdu,
    ResponseApdu,
)
from kilitcoz_simulator import management
from kilitcoz_simulator.apdu_log import ApduLog
from kilitcoz_simulator.errors import CardNotPowered, CardTorn
from kilitcoz_simulator.faults import Answer, FaultPlan, Moment, Tear
from kilitcoz_simulator.piv import application
from kilitcoz_simulator.piv.context import Piv
from kilitcoz_simulator.state import CardState
from kilitcoz_simulator.storage import StateFile
from kilitcoz_simulator.transmission import Transmission

INS_SELECT = 0xA4
BY_DF_NAME = (0x04, 0x00)  # P1, P2: by name, first or only occurrence


class InReader(Protocol):
    """What a reader needs of a card; Card, and anything the bridge serves."""

    @property
    def atr(self) -> bytes:
        """The ATR, also without power."""

    def power_on(self) -> bytes:
        """Power, or a reset when there is power already; answers the ATR."""

    def power_off(self) -> None:
        """All security status is forgotten."""

    def transmit(self, command: bytes) -> bytes:
        """One command APDU, one response APDU. Raises CardTorn when the card left instead of answering."""


class Memory(Protocol):
    """Where the state survives."""

    def save(self, state: CardState) -> None:
        """Durable when it returns."""


class Card:
    """One PIV card. Not thread-safe: a card has one reader."""

    def __init__(
        self,
        state: CardState,
        *,
        memory: Memory | None = None,
        faults: FaultPlan | None = None,
        log: ApduLog | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.log = log or ApduLog()
        self._memory = memory
        self._sleep = sleep
        self._powered = False
        self._application: str | None = None
        self._transmission = Transmission(state.profile.extended_length)
        self._saved = state
        self._tear: Tear | None = None
        self.faults = faults or FaultPlan()
        self._piv = Piv(state, self.faults.quirks, on_charge=self._on_charge)

    @classmethod
    def from_file(cls, path: Path, *, faults: FaultPlan | None = None, log: ApduLog | None = None) -> "Card":
        """The card whose memory is this file. Raises StateFileMalformed, OSError."""
        memory = StateFile(path)
        return cls(memory.load(), memory=memory, faults=faults, log=log)

    @property
    def state(self) -> CardState:
        """What the card remembers now."""
        return self._piv.state

    @property
    def powered(self) -> bool:
        """Whether APDUs may be sent."""
        return self._powered

    @property
    def atr(self) -> bytes:
        """The ATR of the card's profile."""
        return self.state.profile.atr()

    def give_faults(self, faults: FaultPlan) -> None:
        """From now on these accidents and quirks instead of the former ones."""
        self.faults = faults
        self._piv.quirks = faults.quirks

    def power_on(self) -> bytes:
        """Power or reset: nothing is selected, nothing verified. Returns the ATR."""
        self.power_off()
        self._powered = True
        self.log.power_on()
        return self.atr

    def power_off(self) -> None:
        """Forgets all that only power keeps."""
        if self._powered:
            self.log.power_off()
        self._powered = False
        self._application = None
        self._transmission = Transmission(self.state.profile.extended_length)
        self._piv.forget_security_status()

    def transmit(self, command: bytes) -> bytes:
        """One command APDU, one response APDU, both at least two bytes.

        Raises CardNotPowered, and CardTorn when an accident took the card away instead of an answer.
        """
        if not self._powered:
            raise CardNotPowered("an APDU without power")
        started = time.perf_counter()
        header = command[:4].ljust(4, b"\0")
        response: bytes | None = None
        try:
            response = self._with_accidents(header[1], command)
        finally:
            elapsed = (time.perf_counter() - started) * 1000
            length = _command_length(command)
            self.log.command(header, command_length=length, response=response, milliseconds=elapsed)
            if response is None:
                self.power_off()
        return response

    def _with_accidents(self, ins: int, command: bytes) -> bytes:
        due = self.faults.next_command(ins)
        self._tear = next((each for each in due if isinstance(each, Tear)), None)
        answer = next((each for each in due if isinstance(each, Answer)), None)
        if self.faults.slow_ms:
            self._sleep(self.faults.slow_ms / 1000)
        self._tear_if(Moment.BEFORE)
        if answer is not None and not answer.executed:
            return ResponseApdu(b"", answer.sw).to_bytes()
        response = self._execute(command)
        self._tear_if(Moment.DURING, Moment.AFTER)
        return ResponseApdu(b"", answer.sw).to_bytes() if answer is not None else response

    def _execute(self, raw: bytes) -> bytes:
        try:
            response = self._transmission.exchange(raw, self._dispatch)
            self._save()
        except CardMalformed:
            self._piv.state = self._saved
            return ResponseApdu(b"", WRONG_LENGTH).to_bytes()
        except BaseException:
            self._piv.state = self._saved
            raise
        return response

    def _dispatch(self, command: CommandApdu) -> ResponseApdu:
        if command.ins == INS_SELECT:
            return self._select(command)
        if self._application == "piv":
            return application.process(self._piv, command)
        if self._application == "management":
            return management.process(self.state, command)
        return ResponseApdu(b"", INSTRUCTION_NOT_SUPPORTED)

    def _select(self, command: CommandApdu) -> ResponseApdu:
        """SELECT (ISO/IEC 7816-4:2020, 11.2.2): when nothing is found, what was selected stays selected."""
        if (command.p1, command.p2) != BY_DF_NAME:
            return ResponseApdu(b"", INCORRECT_P1_P2 if command.p1 == BY_DF_NAME[0] else FILE_NOT_FOUND)
        if application.is_piv(command.data):
            self._application = "piv"
            return ResponseApdu(application.application_property_template(), SUCCESS)
        if command.data == management.AID and self.state.profile.extensions:
            self._application = "management"
            self._piv.forget_security_status()
            return ResponseApdu(management.greeting(self.state), SUCCESS)
        return ResponseApdu(b"", FILE_NOT_FOUND)

    def _on_charge(self) -> None:
        if self._tear is not None and self._tear.moment is Moment.DURING:
            self._save()
            raise CardTorn("torn while a try was charged")

    def _tear_if(self, *moments: Moment) -> None:
        if self._tear is not None and self._tear.moment in moments:
            raise CardTorn(f"torn {self._tear.moment}")

    def _save(self) -> None:
        if self._piv.state != self._saved:
            if self._memory is not None:
                self._memory.save(self._piv.state)
            self._saved = self._piv.state


def _command_length(command: bytes) -> int:
    try:
        return len(CommandApdu.from_bytes(command).data)
    except CardMalformed:
        return 0
