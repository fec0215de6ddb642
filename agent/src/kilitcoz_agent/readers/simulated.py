"""Readers that are TCP addresses: `kilitcoz-sim … --listen HOST:PORT` is the card's side.

Every message is its length (2 bytes, big endian) and a payload. One byte is a control code (0 power off, 1
power on, 2 reset, 4 get ATR), anything longer an APDU. Connection refused: no such reader. Closed without an
answer: a reader without a card. A connection that ends is a card that is gone.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from kilitcoz_agent.errors import ReaderServiceMissing
from kilitcoz_agent.readers.port import CardTransaction, ReaderStatus, Statuses
from kilitcoz_cards.errors import TransportError

POWER_OFF, POWER_ON, GET_ATR = b"\x00", b"\x01", b"\x04"
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 30.0
POLL_SECONDS = 0.25

Address = tuple[str, int]


def address_from_text(text: str) -> Address:
    """`HOST:PORT`. Raises ValueError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("a simulated reader is HOST:PORT")
    return host.strip("[]"), int(port)


class _Line:
    """One connection to a virtual card."""

    def __init__(self, address: Address) -> None:
        self._socket = socket.create_connection(address, timeout=CONNECT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(ANSWER_SECONDS)

    def send(self, payload: bytes) -> None:
        self._socket.sendall(len(payload).to_bytes(2, "big") + payload)

    def ask(self, payload: bytes) -> bytes:
        """Send a payload, return the answer to it. Raises OSError; EOFError where the card is gone."""
        self.send(payload)
        return self._take(int.from_bytes(self._take(2), "big"))

    def _take(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size:
            part = self._socket.recv(size - len(taken))
            if not part:
                raise EOFError
            taken += part
            self._acknowledge_at_once()
        return taken

    def _acknowledge_at_once(self) -> None:
        """Without this each APDU costs 44 ms; Linux forgets the option, so it is set after every receive."""
        if hasattr(socket, "TCP_QUICKACK"):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def ended(self, wait_seconds: float = 0.0) -> bool:
        """Whether the other side has closed; nothing else is expected to arrive here."""
        readable, _, _ = select.select([self._socket], [], [], wait_seconds)
        return bool(readable)

    def close(self) -> None:
        self._socket.close()


class _Slot:
    """What is known of one address: is a reader there, is a card in it, how many were put in so far."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.name = f"Simulated {address[0]}:{address[1]}"
        self._line: _Line | None = None
        self._insertion = 0

    def status(self) -> ReaderStatus | None:
        """The reader now, or None where none is at this address."""
        if self._line is not None and self._line.ended():
            self.forget()
        if self._line is None:
            try:
                self._line = _Line(self.address)
            except OSError:
                return None
            try:
                self._line.ask(GET_ATR)
            except (OSError, EOFError):
                self.forget()
                return ReaderStatus(self.name, False, self._insertion)
            self._insertion += 1
        return ReaderStatus(self.name, True, self._insertion)

    def forget(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class SimulatedReaders:
    """`Readers` over one or more virtual cards."""

    def __init__(self, addresses: Sequence[Address]) -> None:
        self._slots = [_Slot(address) for address in addresses]
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def statuses(self) -> Statuses:
        """See the port."""
        with self._lock:
            if self._closed.is_set():
                return ()
            return tuple(status for slot in self._slots if (status := slot.status()) is not None)

    def wait_for_change(self, known: Statuses, timeout: float) -> Statuses:
        """See the port."""
        end = time.monotonic() + timeout
        while (now := self.statuses()) == known and (left := end - time.monotonic()) > 0:
            if self._closed.wait(min(POLL_SECONDS, left)):
                break
        return now

    def close(self) -> None:
        """See the port."""
        self._closed.set()
        with self._lock:
            for slot in self._slots:
                slot.forget()

    @contextmanager
    def transaction(self, reader: str) -> Iterator[CardTransaction]:
        """See the port."""
        slot = next((slot for slot in self._slots if slot.name == reader), None)
        if slot is None:
            raise ReaderServiceMissing
        try:
            line = _Line(slot.address)
        except OSError:
            raise TransportError("no such reader") from None
        try:
            yield _powered(line)
        finally:
            with suppress(OSError):
                line.send(POWER_OFF)
            line.close()


def _powered(line: _Line) -> _SimulatedTransaction:
    try:
        line.send(POWER_ON)
        return _SimulatedTransaction(line, line.ask(GET_ATR))
    except (OSError, EOFError):
        raise TransportError("no card in the reader") from None


class _SimulatedTransaction:
    def __init__(self, line: _Line, atr: bytes) -> None:
        self._line = line
        self._lost = False
        self.atr = atr

    def transmit(self, command: bytes) -> bytes:
        """See the port."""
        if self._lost:
            raise TransportError("an answer was lost before")
        try:
            return self._line.ask(command)
        except (OSError, EOFError):
            self._lost = True
            raise TransportError("the virtual card is gone") from None
