"""The wire between a reader and a virtual card: the framing of vsmartcard's vpcd, the same for `--listen`.

Every message, in either direction, is

    length (2 bytes, big endian) ‖ payload (length bytes, 1 … 65535)

The *reader* side speaks, the *card* side answers:

    reader → card   payload    answer
    power off       00         none
    power on        01         none
    reset           02         none (warm reset: verified references are forgotten, as by a power cycle)
    get ATR         04         one message: the ATR
    a command APDU  2+ bytes   one message: the response APDU (data ‖ SW1 SW2)

A payload of one byte is always a control code; any other code is a fault of the reader, and the card side
closes the connection. Get ATR may be asked at any time, powered or not; it is how presence is polled, it is
not an APDU, and it changes nothing. An APDU sent to a card that is not powered closes the connection.

The **end of the connection** says that the card is gone: torn out, or its power failed. A command to which
no answer came may or may not have taken effect, exactly as with a real card.

Who connects to whom:

* `--vpcd HOST:PORT`: the card side connects to vpcd inside pcscd. No connection = no card in that slot; the
  card side tries again until pcscd is back.
* `--listen HOST:PORT`: the reader side connects (the card service's simulated reader).
    - connection refused: there is no such reader;
    - accepted, then closed before any answer: the reader is there, no card is in it;
    - accepted and get ATR answered: a card is in. Keep the connection and wait for its end to learn of a
      removal; connect again, say every 250 ms, to learn of an insertion.
  Several connections may be open at once. Get ATR is answered on each of them; *power on* takes the card for
  that connection alone until its power off or its end (another connection's power on waits meanwhile).

Speed: whoever sends writes length and payload in one `send`. The card side sets TCP_NODELAY, and TCP_QUICKACK
after every receive: power on is answered by nothing, so without it the reader's next message waits for the
delayed acknowledgement, 44 ms instead of 0.15 ms.
"""

import contextlib
import socket
from collections.abc import Callable
from enum import IntEnum

from kilitcoz_simulator.errors import FramingError

MAX_PAYLOAD = 0xFFFF


class Control(IntEnum):
    """The one-byte payloads a reader sends."""

    POWER_OFF = 0
    POWER_ON = 1
    RESET = 2
    GET_ATR = 4


def encode_message(payload: bytes) -> bytes:
    """Length ‖ payload, for one `send`. FramingError when the payload is empty or longer than 65535 bytes."""
    if not 0 < len(payload) <= MAX_PAYLOAD:
        raise FramingError("a payload has 1 to 65535 bytes")
    return len(payload).to_bytes(2, "big") + payload


class MessageReader:
    """Cuts a byte stream into payloads; `receive` is a blocking read that returns b"" at the end."""

    def __init__(self, receive: Callable[[], bytes]) -> None:
        self._receive = receive
        self._buffer = bytearray()

    def next_payload(self) -> bytes | None:
        """The next payload, or None when the stream ended between two messages.

        FramingError: the stream ended inside a message, or announced an empty one.
        """
        header = self._take(2)
        if header is None:
            return None
        length = int.from_bytes(header, "big")
        if length == 0:
            raise FramingError("an empty message")
        payload = self._take(length)
        if payload is None:
            raise FramingError("the stream ended inside a message")
        return payload

    def _take(self, size: int) -> bytes | None:
        while len(self._buffer) < size:
            received = self._receive()
            if not received:
                if self._buffer:
                    raise FramingError("the stream ended inside a message")
                return None
            self._buffer += received
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


class FramedSocket:
    """One TCP connection in this framing, with the socket options that make it fast. Not thread-safe."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._reader = MessageReader(self._receive)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self) -> bytes | None:
        """The next payload, or None at the end of the connection. Raises FramingError, OSError."""
        return self._reader.next_payload()

    def send(self, payload: bytes) -> None:
        """One message in one write. Raises FramingError, OSError."""
        self._socket.sendall(encode_message(payload))

    def close(self) -> None:
        """Ends the connection, also for a thread that waits in `receive`; may be called twice."""
        with contextlib.suppress(OSError):  # the other side was faster
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _receive(self) -> bytes:
        received = self._socket.recv(MAX_PAYLOAD + 2)
        if received and hasattr(socket, "TCP_QUICKACK"):  # Linux; the kernel forgets it, so every time
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return received
