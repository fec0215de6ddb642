"""Serving a slot to readers in the framing of framing.py: as a client of vpcd, or as a server on TCP."""

import logging
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from kilitcoz_simulator.errors import CardTorn, FramingError, SimulatorError
from kilitcoz_simulator.framing import Control, FramedSocket
from kilitcoz_simulator.slot import Seat, Slot

RETRY_SECONDS = 0.1  # between two attempts to reach vpcd
FINISH_SECONDS = 5.0  # for a command that runs while the server is stopped
CONNECT_SECONDS = 1.0  # vpcd has room for one waiting connection; a further one is not answered
ABSENCE_SECONDS = 0.5  # between two stays of a card: longer than pcscd's polling interval of 400 ms
_logger = logging.getLogger(__name__)


def serve_connection(connection: FramedSocket, slot: Slot, seat: Seat) -> None:
    """Answers one reader until the connection or the card is gone; closes the connection."""
    session = _Session(connection, seat)
    try:
        if slot.join(seat, connection):
            session.run()
    except CardTorn:
        slot.torn(seat)
    except (SimulatorError, OSError) as error:
        _logger.info("connection ended: %s", error)
    finally:
        slot.leave(seat, connection)
        connection.close()
        session.power_off()


class _Session:
    """One connection's talk with the card of one stay."""

    def __init__(self, connection: FramedSocket, seat: Seat) -> None:
        self._connection = connection
        self._seat = seat
        self._has_power = False

    def run(self) -> None:
        """Until the reader closes the connection. Raises CardTorn, FramingError, OSError."""
        while (payload := self._connection.receive()) is not None:
            if len(payload) == 1:
                self._control(payload[0])
            elif self._has_power:
                self._connection.send(self._seat.card.transmit(payload))
            else:
                raise FramingError("an APDU before power on")

    def power_off(self) -> None:
        """Gives the card's power back, if this connection has it."""
        if self._has_power:
            self._has_power = False
            self._seat.card.power_off()
            self._seat.power.release()

    def _control(self, code: int) -> None:
        if code == Control.GET_ATR:
            self._connection.send(self._seat.card.atr)
        elif code == Control.POWER_OFF:
            self.power_off()
        elif code in (Control.POWER_ON, Control.RESET):
            if not self._has_power:
                self._seat.power.acquire()
                self._has_power = True
            self._seat.card.power_on()
        else:
            raise FramingError(f"no control code: {code}")


class _Service:
    """A thread that is started by `with` or `start`, and ended by leaving or `stop`."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name=type(self).__name__)

    def start(self) -> Self:
        """Begins to serve; returns itself."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends all connections and waits for the thread."""
        self._stopping.set()
        self._interrupt()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        raise NotImplementedError

    def _interrupt(self) -> None:
        raise NotImplementedError


class VpcdClient(_Service):
    """Puts the slot's card into a slot of vpcd, again and again: after a removal, after a restart of pcscd.

    `connect` opens a connection to vpcd or raises OSError: `to_address`, or that of PcscLab. Between two
    stays the slot is empty for as long as pcscd needs to see it; a faster swap confuses it for good.
    """

    def __init__(self, slot: Slot, connect: Callable[[], socket.socket]) -> None:
        super().__init__()
        self._slot = slot
        self._connect = connect
        self._connection: FramedSocket | None = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            seat = self._slot.wait_for_card(RETRY_SECONDS)
            if seat is None:
                continue
            try:
                self._connection = FramedSocket(self._connect())
            except OSError:
                self._stopping.wait(RETRY_SECONDS)
                continue
            if not self._stopping.is_set():
                serve_connection(self._connection, self._slot, seat)
            self._connection.close()
            self._stopping.wait(ABSENCE_SECONDS)

    def _interrupt(self) -> None:
        if self._connection is not None:
            self._connection.close()


class TcpServer(_Service):
    """Listens for readers. `port` 0 takes a free one; `address` tells which."""

    def __init__(self, slot: Slot, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__()
        self._slot = slot
        self._listener = socket.create_server((host, port))
        self._connections: dict[FramedSocket, threading.Thread] = {}

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self._listener.getsockname()[:2]
        return str(host), int(port)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return  # stopped
            seat = self._slot.seat
            if seat is None:
                accepted.close()
                continue
            connection = FramedSocket(accepted)
            thread = threading.Thread(target=self._serve, args=(connection, seat), daemon=True)
            self._connections[connection] = thread
            thread.start()

    def _serve(self, connection: FramedSocket, seat: Seat) -> None:
        serve_connection(connection, self._slot, seat)
        self._connections.pop(connection, None)

    def _interrupt(self) -> None:
        """Ends what runs; a command that has begun is finished, so that the card is turned off properly."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        running = dict(self._connections)
        for connection in running:
            connection.close()
        for thread in running.values():
            thread.join(FINISH_SECONDS)


def to_address(host: str, port: int) -> Callable[[], socket.socket]:
    """For VpcdClient: opens connections to this address."""

    def connect() -> socket.socket:
        connection = socket.create_connection((host, port), CONNECT_SECONDS)
        connection.settimeout(None)
        return connection

    return connect
