"""As much of HTTP/1.1 (RFC 9112) as OCSP needs, without sockets: bytes in, calls out; answers to bytes.

What is not plainly a GET, HEAD or POST with a length is refused and the connection closed: nothing is
guessed, so that no proxy before us reads a request otherwise than we do.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from kilitcoz_portal.ca.answers import Answer
from kilitcoz_portal.ca.ocsp import MOST_REQUEST_BYTES
from kilitcoz_portal.publication import caching

MOST_HEAD_BYTES = 16 * 1024  # a question of MOST_REQUEST_BYTES in base64, and some fields
PATH = b"/ocsp"
_END = b"\r\n\r\n"
_LINE = re.compile(rb"(GET|HEAD|POST) ([!-~]+) HTTP/1\.([01])")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*")
_ONCE = frozenset({b"content-length", b"content-type", b"host"})
_REASONS = {200: "OK", 304: "Not Modified", 400: "Bad Request", 404: "Not Found", 413: "Content Too Large"}


class Refused(Exception):  # noqa: N818 - named after what is wrong, as all errors here
    """Not a request that is served here; the connection ends with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Call(NamedTuple):
    """One request: the OCSP question as it came (empty: there was none), and how it is to be answered."""

    raw: bytes
    stays_open: bool
    head_only: bool = False
    if_none_match: bytes = b""


def take(received: bytearray) -> Call | None:
    """The first complete request, removed from what was received; None while it is incomplete.

    Raises Refused.
    """
    ends = received.find(_END, 0, MOST_HEAD_BYTES)
    if ends < 0:
        if len(received) >= MOST_HEAD_BYTES:
            raise Refused(413)
        return None
    call, length = _read_head(bytes(received[:ends]))
    begins = ends + len(_END)
    if len(received) < begins + length:
        return None
    if length:
        call = Call(call.raw or bytes(received[begins : begins + length]), call.stays_open)
    del received[: begins + length]
    return call


def put(answer: Answer, call: Call, now: int) -> bytes:
    """The answer to a call; `now` in Unix seconds."""
    if call.if_none_match:
        fields = caching.headers(answer, now)
        if call.if_none_match == fields.get("ETag", "").encode():
            return _head(304, fields, call.stays_open)
    whole = _whole(answer, call.stays_open, now)
    return whole[: -len(answer.der)] if call.head_only else whole


def refusal(status: int) -> bytes:
    """The last thing on a connection."""
    return _head(status, {"Content-Length": "0"}, stays_open=False)


@lru_cache(maxsize=2048)
def _whole(answer: Answer, stays_open: bool, now: int) -> bytes:
    """Head and body; the same within a second, however many ask."""
    fields = caching.headers(answer, now)
    fields |= {"Content-Type": caching.RESPONSE, "Content-Length": str(len(answer.der))}
    return _head(200, fields, stays_open) + answer.der


def _head(status: int, fields: dict[str, str], stays_open: bool) -> bytes:
    connection = "keep-alive" if stays_open else "close"
    lines = "".join([f"{name}: {value}\r\n" for name, value in fields.items()])
    return f"HTTP/1.1 {status} {_REASONS[status]}\r\n{lines}Connection: {connection}\r\n\r\n".encode(
        "latin-1"
    )


@lru_cache(maxsize=4096)
def _read_head(head: bytes) -> tuple[Call, int]:
    """What a head asks for, and how long the body is that follows it."""
    first, *lines = head.split(b"\r\n")
    line, fields = _LINE.fullmatch(first), _fields(lines)
    if line is None or b"transfer-encoding" in fields or (line[3] == b"1" and b"host" not in fields):
        raise Refused(400)
    said = fields.get(b"connection", b"").lower()
    stays_open = said != b"close" if line[3] == b"1" else said == b"keep-alive"
    length = _length(fields)
    if line[1] == b"POST":
        if line[2] != PATH:
            raise Refused(404)
        named = fields.get(b"content-type") == caching.REQUEST.encode()
        return Call(b"" if named else b"of another type", stays_open), length
    if length:
        raise Refused(400)
    question = _in_address(line[2])
    return Call(question, stays_open, line[1] == b"HEAD", fields.get(b"if-none-match", b"")), 0


def _fields(lines: list[bytes]) -> dict[bytes, bytes]:
    """By lower-case name. What tells where a request ends stands once."""
    found: dict[bytes, bytes] = {}
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None or ((name := field[1].lower()) in _ONCE and name in found):
            raise Refused(400)
        found[name] = field[2]
    return found


def _length(fields: dict[bytes, bytes]) -> int:
    said = fields.get(b"content-length", b"0")
    if not said.isdigit():
        raise Refused(400)
    if len(said) > len(str(MOST_REQUEST_BYTES)) or int(said) > MOST_REQUEST_BYTES:
        raise Refused(413)
    return int(said)


def _in_address(target: bytes) -> bytes:
    """RFC 6960, A.1: base64, then percent-encoded; empty for what is not."""
    if not target.startswith(PATH + b"/"):
        raise Refused(404)
    try:
        return base64.b64decode(unquote_to_bytes(target[len(PATH) + 1 :]), validate=True)
    except binascii.Error:
        return b""
