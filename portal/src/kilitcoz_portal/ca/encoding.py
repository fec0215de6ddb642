"""Numbers, times and extensions as certificates, lists and answers have them (RFC 5280, 4.1), in DER."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from kilitcoz_cards.tlv import encode

INTEGER, OCTET_STRING, UTC_TIME, GENERALIZED_TIME, SEQUENCE = 0x02, 0x04, 0x17, 0x18, 0x30
_MOST_IN_UTC_TIME = 2050


def encode_integer(number: int) -> bytes:
    """A positive one."""
    return encode(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


@lru_cache(maxsize=1024)
def encode_time(moment: datetime) -> bytes:
    """To the second, in UTC: UTCTime until 2049."""
    if moment.year < _MOST_IN_UTC_TIME:
        return encode(UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return encode_generalized_time(moment)


def encode_generalized_time(moment: datetime) -> bytes:
    """To the second, in UTC (4.1.2.5.2)."""
    return encode(GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())


def encode_extension(identifier: bytes, value: bytes) -> bytes:
    """RFC 5280, 4.1, not critical; `identifier`: the OBJECT IDENTIFIER, DER."""
    return encode(SEQUENCE, identifier + encode(OCTET_STRING, value))
