"""Chaining: commands in several parts, answers in several parts (ISO/IEC 7816-4:2020, 5.3.3 and 5.3.4)."""

from collections.abc import Callable

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import (
    CHAINING_BIT,
    CONDITIONS_NOT_SATISFIED,
    EXTENDED_MAX_NE,
    SHORT_MAX_NE,
    SUCCESS,
    CommandApdu,
    ResponseApdu,
)

INS_GET_RESPONSE = 0xC0
MAX_CHAINED = 0x10000  # bytes of one command in all its parts; what is longer was not meant for a card
LENGTH_FIELD = 4  # where the length field begins


class LongAnswer:
    """An answer longer than the reader asked for: what is left of it waits for GET RESPONSE."""

    def __init__(self) -> None:
        self._rest = b""

    def begin(self, data: bytes, limit: int) -> bytes:
        """The first `limit` bytes with 9000, or with 61xx (00: 256 or more are left)."""
        part, self._rest = data[:limit], data[limit:]
        left = len(self._rest)
        sw = 0x6100 | (left if left < SHORT_MAX_NE else 0) if left else SUCCESS
        return part + int(sw).to_bytes(2, "big")

    def go_on(self, limit: int) -> bytes | None:
        """The next bytes; None when nothing is left."""
        return self.begin(self._rest, limit) if self._rest else None

    def forget(self) -> None:
        """Another command came: what was left is lost."""
        self._rest = b""


class Transmission:
    """One session's transmission buffers. `extended_length`: whether extended length fields are taken."""

    def __init__(self, extended_length: bool) -> None:
        self._extended_length = extended_length
        self._chain: CommandApdu | None = None
        self._answer = LongAnswer()

    def exchange(self, raw: bytes, execute: Callable[[CommandApdu], ResponseApdu]) -> bytes:
        """One command APDU from the wire to the answer on the wire; `execute` sees complete commands only.

        Raises CardMalformed for what is no APDU, or one of a length this card does not take.
        """
        extended = is_extended(raw)
        if extended and not self._extended_length:
            raise CardMalformed("this card takes short length only")
        command = CommandApdu.from_bytes(raw)
        limit = response_limit(command, extended=extended)
        if command.ins == INS_GET_RESPONSE:
            return self._answer.go_on(limit) or ResponseApdu(b"", CONDITIONS_NOT_SATISFIED).to_bytes()
        self._answer.forget()
        complete = self._complete(command)
        if complete is None:
            return ResponseApdu(b"", SUCCESS).to_bytes()
        response = execute(complete)
        if not response.sw.is_success:
            return response.to_bytes()
        return self._answer.begin(response.data, limit)

    def _complete(self, command: CommandApdu) -> CommandApdu | None:
        """The command with the data of its earlier parts; None when this is not the last part."""
        chain, self._chain = self._chain, None
        cla = command.cla & ~CHAINING_BIT
        data = command.data
        if chain is not None and chain.header == bytes((cla, command.ins, command.p1, command.p2)):
            data = chain.data + data
        if len(data) > MAX_CHAINED - 1:
            raise CardMalformed("a chain too long for any command")
        joined = CommandApdu(cla, command.ins, command.p1, command.p2, data, command.ne)
        if command.cla & CHAINING_BIT:
            self._chain = joined
            return None
        return joined


def response_limit(command: CommandApdu, *, extended: bool) -> int:
    """How many bytes the reader takes; without an Le field as many as its length format can ask for."""
    return command.ne or (EXTENDED_MAX_NE if extended else SHORT_MAX_NE)


def is_extended(raw: bytes) -> bool:
    """Whether the command APDU has extended length fields (ISO/IEC 7816-4:2020, 5.2)."""
    return len(raw) > LENGTH_FIELD + 2 and raw[LENGTH_FIELD] == 0
