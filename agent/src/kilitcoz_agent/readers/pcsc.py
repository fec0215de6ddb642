"""Readers by PC/SC: pcscd on Linux and macOS, the smart card service on Windows. The only module that knows
pyscard.

Calls are those of the PC/SC API (PC/SC part 5; pcsclite's winscard.h). A context belongs to one thread, so
each call here makes its own. Sharing is SHARED with SCardBeginTransaction: exclusive for as long as the
transaction lasts, and free of quarrel with programs that merely keep a handle (scdaemon, browsers).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from smartcard import scard

from kilitcoz_agent.errors import ReaderBusy, ReaderServiceMissing
from kilitcoz_agent.readers.port import CardTransaction, ReaderStatus, Statuses
from kilitcoz_cards.errors import TransportError

#: A pseudo reader whose state changes when readers come and go.
NOTIFICATION = "\\\\?PnP?\\Notification"

SERVICE_FAULTS = {
    scard.SCARD_E_NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED,
    scard.SCARD_F_COMM_ERROR,
    scard.SCARD_E_INVALID_HANDLE,
    scard.SCARD_F_INTERNAL_ERROR,
}
NO_READERS = {
    scard.SCARD_E_NO_READERS_AVAILABLE,
    scard.SCARD_E_READER_UNAVAILABLE,
    scard.SCARD_E_UNKNOWN_READER,
}
BUSY = {scard.SCARD_E_SHARING_VIOLATION}
PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1


class PcscReaders:
    """`Readers` by the machine's PC/SC service."""

    def statuses(self) -> Statuses:
        """See the port."""
        with _context() as context:
            return _read(context, _names(context), timeout_ms=0, before=())

    def wait_for_change(self, known: Statuses, timeout: float) -> Statuses:
        """See the port. Sleeps in the service, not here."""
        with _context() as context:
            now = _read(context, _names(context), timeout_ms=0, before=())
            if now != known:
                return now
            names = [status.name for status in now]
            _read(context, names, timeout_ms=int(timeout * 1000), before=now)
            return _read(context, _names(context), timeout_ms=0, before=())

    def close(self) -> None:
        """See the port; contexts end with each call."""

    @contextmanager
    def transaction(self, reader: str) -> Iterator[CardTransaction]:
        """See the port."""
        with _context() as context:
            result, handle, protocol = scard.SCardConnect(
                context, reader, scard.SCARD_SHARE_SHARED, PROTOCOLS
            )
            _check(result)
            try:
                yield from _exclusively(handle, protocol)
            finally:
                scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)


def _exclusively(handle: int, protocol: int) -> Generator[_PcscTransaction, None, None]:
    """Begin a transaction, powered up afresh, and end it with a power-cycle."""
    _begin(handle)
    try:
        result, _, _, _, atr = scard.SCardStatus(handle)
        _check(result)
        yield _PcscTransaction(handle, protocol, bytes(atr))
    finally:
        scard.SCardEndTransaction(handle, scard.SCARD_UNPOWER_CARD)


def _begin(handle: int) -> None:
    """Take the card for ourselves; a reset by others before this moment cost nothing: again."""
    result = scard.SCardBeginTransaction(handle)
    if result in (scard.SCARD_W_RESET_CARD, scard.SCARD_W_UNPOWERED_CARD):
        result, _ = scard.SCardReconnect(handle, scard.SCARD_SHARE_SHARED, PROTOCOLS, scard.SCARD_LEAVE_CARD)
        _check(result)
        result = scard.SCardBeginTransaction(handle)
    _check(result)


class _PcscTransaction:
    """An open transaction. Any fault of a command, a reset by others among them, is a lost answer (R6)."""

    def __init__(self, handle: int, protocol: int, atr: bytes) -> None:
        self._handle = handle
        self._protocol = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
        self._lost = False
        self.atr = atr

    def transmit(self, command: bytes) -> bytes:
        """See the port. After one lost answer nothing more is sent: the card may be another one."""
        if self._lost:
            raise TransportError("an answer was lost before")
        result, response = scard.SCardTransmit(self._handle, self._protocol, list(command))
        if result != scard.SCARD_S_SUCCESS or len(response) < 2:
            self._lost = True
            raise TransportError(f"PC/SC status {result & 0xFFFFFFFF:08X}")
        return bytes(byte & 0xFF for byte in response)


@contextmanager
def _context() -> Iterator[Any]:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result != scard.SCARD_S_SUCCESS:
        raise ReaderServiceMissing
    try:
        yield context
    finally:
        with suppress(scard.error):
            scard.SCardReleaseContext(context)


def _names(context: Any) -> list[str]:
    result, names = scard.SCardListReaders(context, [])
    if result in NO_READERS:
        return []
    _check(result)
    return list(names)


def _read(context: Any, names: list[str], *, timeout_ms: int, before: Statuses) -> Statuses:
    """SCardGetStatusChange over these readers and the notification; a time-out is an answer too."""
    states = {status.name: _state_before(status) for status in before}
    asked = [(name, states.get(name, scard.SCARD_STATE_UNAWARE)) for name in names]
    if before or timeout_ms:
        asked.append((NOTIFICATION, len(names) << 16))
    if not asked:
        return ()
    result, answers = scard.SCardGetStatusChange(context, timeout_ms, asked)
    if result not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT, *NO_READERS):
        _check(result)
    return tuple(_status(name, state) for name, state, _ in answers if name != NOTIFICATION)


def _status(name: str, state: int) -> ReaderStatus:
    present = bool(state & scard.SCARD_STATE_PRESENT)
    return ReaderStatus(name, present, state >> 16, mute=bool(state & scard.SCARD_STATE_MUTE))


def _state_before(status: ReaderStatus) -> int:
    presence = scard.SCARD_STATE_PRESENT if status.card_present else scard.SCARD_STATE_EMPTY
    return int(status.insertion << 16 | presence | (scard.SCARD_STATE_MUTE if status.mute else 0))


def _check(result: int) -> None:
    if result == scard.SCARD_S_SUCCESS:
        return
    if result in SERVICE_FAULTS:
        raise ReaderServiceMissing
    if result in BUSY:
        raise ReaderBusy
    raise TransportError(f"PC/SC status {result & 0xFFFFFFFF:08X}")
