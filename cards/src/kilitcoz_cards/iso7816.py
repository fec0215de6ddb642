"""Command and response APDUs and status words (ISO/IEC 7816-4:2005, clauses 5.1, 5.1.1 and 5.1.3).

A rule of this module: the data field is shown by no repr; a PIN or a PUK may be in it.
"""

from dataclasses import dataclass, field
from typing import Self

from kilitcoz_cards.errors import CardMalformed

SHORT_MAX_DATA = 255  # Nc of a short command
SHORT_MAX_NE = 256  # Ne of a short command, Le = 00
EXTENDED_MAX_DATA = 65535
EXTENDED_MAX_NE = 65536  # Le = 0000; here also: "all there is", cut to 256 where only short length is spoken
CHAINING_BIT = 0x10  # CLA bit 5: not the last command of a chain (5.1.1.1)


class StatusWord(int):
    """SW1-SW2 as one integer, 0x0000–0xFFFF."""

    @property
    def sw1(self) -> int:
        """The first status byte."""
        return self >> 8

    @property
    def sw2(self) -> int:
        """The second status byte."""
        return self & 0xFF

    @property
    def is_success(self) -> bool:
        """True for 9000 and nothing else; 61xx is resolved before a conversation sees it."""
        return self == 0x9000

    @property
    def retries_left(self) -> int | None:
        """x of 63Cx (5.1.3); None for every other status word."""
        return self & 0x0F if self & 0xFFF0 == 0x63C0 else None

    @classmethod
    def from_hex(cls, text: str) -> Self:
        """Four hex digits, as the wire and the journal have them; ValueError otherwise."""
        if len(text) != 4:
            raise ValueError("a status word is four hex digits")
        return cls(int.from_bytes(bytes.fromhex(text), "big"))

    def to_hex(self) -> str:
        """Four upper-case hex digits."""
        return f"{int(self):04X}"

    def __repr__(self) -> str:
        return f"StatusWord({self.to_hex()})"


SUCCESS = StatusWord(0x9000)
VERIFICATION_FAILED = StatusWord(0x6300)
WRONG_LENGTH = StatusWord(0x6700)
LOGICAL_CHANNEL_NOT_SUPPORTED = StatusWord(0x6881)
CHAINING_NOT_SUPPORTED = StatusWord(0x6884)
SECURITY_STATUS_NOT_SATISFIED = StatusWord(0x6982)
AUTHENTICATION_METHOD_BLOCKED = StatusWord(0x6983)
REFERENCE_DATA_NOT_USABLE = StatusWord(0x6984)
CONDITIONS_NOT_SATISFIED = StatusWord(0x6985)
COMMAND_NOT_ALLOWED = StatusWord(0x6986)
INCORRECT_DATA = StatusWord(0x6A80)
FUNCTION_NOT_SUPPORTED = StatusWord(0x6A81)
FILE_NOT_FOUND = StatusWord(0x6A82)
INCORRECT_P1_P2 = StatusWord(0x6A86)
REFERENCE_DATA_NOT_FOUND = StatusWord(0x6A88)
WRONG_P1_P2 = StatusWord(0x6B00)
INSTRUCTION_NOT_SUPPORTED = StatusWord(0x6D00)
CLASS_NOT_SUPPORTED = StatusWord(0x6E00)
NO_PRECISE_DIAGNOSIS = StatusWord(0x6F00)


@dataclass(frozen=True, slots=True)
class CommandApdu:
    """One command: header, data field (0–65535 bytes), Ne (0 = no response data expected, up to 65536)."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    ne: int = 0

    def __post_init__(self) -> None:
        if any(not 0 <= byte <= 0xFF for byte in (self.cla, self.ins, self.p1, self.p2)):
            raise ValueError("a header byte is 0–255")
        if len(self.data) > EXTENDED_MAX_DATA or not 0 <= self.ne <= EXTENDED_MAX_NE:
            raise ValueError("data or Ne too long for an APDU")

    def __repr__(self) -> str:
        return f"CommandApdu({self.header.hex().upper()} Nc={len(self.data)} Ne={self.ne})"

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2, four bytes."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    @property
    def fits_short(self) -> bool:
        """True where Nc ≤ 255 and Ne ≤ 256."""
        return len(self.data) <= SHORT_MAX_DATA and self.ne <= SHORT_MAX_NE

    def to_bytes(self, *, extended: bool = False) -> bytes:
        """Cases 1–4 with short, or on demand extended, length fields (5.1).

        Raises ValueError where the short form cannot hold the command.
        """
        if not extended:
            return self.header + self._short_body()
        if not self.data and not self.ne:
            return self.header
        body = b"\x00"
        if self.data:
            body += len(self.data).to_bytes(2, "big") + self.data
        if self.ne:
            body += (self.ne % EXTENDED_MAX_NE).to_bytes(2, "big")
        return self.header + body

    def _short_body(self) -> bytes:
        if not self.fits_short:
            raise ValueError("the command needs extended length or chaining")
        lc = bytes((len(self.data),)) if self.data else b""
        le = bytes((self.ne % SHORT_MAX_NE,)) if self.ne else b""
        return lc + self.data + le

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Parse either form; raises CardMalformed for anything else (its text never quotes `raw`)."""
        if len(raw) < 4:
            raise CardMalformed("a command has at least four bytes")
        body = raw[4:]
        data, ne = _parse_extended(body) if len(body) > 2 and body[0] == 0 else _parse_short(body)
        return cls(raw[0], raw[1], raw[2], raw[3], data, ne)


def _parse_short(body: bytes) -> tuple[bytes, int]:
    if len(body) <= 1:  # cases 1 and 2
        return b"", (body[0] or SHORT_MAX_NE) if body else 0
    lc, rest = body[0], body[1:]
    if lc and len(rest) == lc:  # case 3
        return rest, 0
    if lc and len(rest) == lc + 1:  # case 4
        return rest[:lc], rest[lc] or SHORT_MAX_NE
    raise CardMalformed("length fields and length disagree")


def _parse_extended(body: bytes) -> tuple[bytes, int]:
    first, rest = int.from_bytes(body[1:3], "big"), body[3:]
    if not rest:  # case 2E
        return b"", first or EXTENDED_MAX_NE
    if first and len(rest) == first:  # case 3E
        return rest, 0
    if first and len(rest) == first + 2:  # case 4E
        return rest[:first], int.from_bytes(rest[first:], "big") or EXTENDED_MAX_NE
    raise CardMalformed("length fields and length disagree")


@dataclass(frozen=True, slots=True)
class ResponseApdu:
    """One answer: data field and status word."""

    data: bytes
    sw: StatusWord

    def __repr__(self) -> str:
        return f"ResponseApdu(Nr={len(self.data)} {self.sw.to_hex()})"

    def to_bytes(self) -> bytes:
        """Data field, then SW1 SW2."""
        return self.data + int(self.sw).to_bytes(2, "big")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Split off the last two bytes; CardMalformed where there are not even two."""
        if len(raw) < 2:
            raise CardMalformed("an answer has at least two bytes")
        return cls(raw[:-2], StatusWord(int.from_bytes(raw[-2:], "big")))
