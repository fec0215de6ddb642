"""What pcscd publishes about its readers, asked directly: PCSC-lite's socket protocol 4.4 (winscard_msg.h).

Only this one question is asked, to know when pcscd has noticed a card; programs use the PC/SC library.
"""

import socket
import struct

GET_READERS_STATE = 0x12
CARD_PRESENT = 0x0004  # SCARD_PRESENT in readerState
MAX_READERS = 16
TIMEOUT_SECONDS = 5.0

_HEADER = struct.Struct("=II")  # size of the body, command
_READER = struct.Struct("=128sIIi33s3xII")  # name, events, state, sharing, ATR, its length, protocol


def readers_with_a_card(socket_name: str) -> set[str]:
    """The names of the readers in which pcscd sees a card. Raises OSError."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(TIMEOUT_SECONDS)
        connection.connect(socket_name)
        connection.sendall(_HEADER.pack(0, GET_READERS_STATE))
        size = _READER.size * MAX_READERS
        answer = connection.recv(size, socket.MSG_WAITALL)
        if len(answer) != size:
            raise OSError("pcscd speaks another protocol")
    return {
        name.rstrip(b"\0").decode()
        for name, _, state, *_ in _READER.iter_unpack(answer)
        if state & CARD_PRESENT and name.rstrip(b"\0")
    }
