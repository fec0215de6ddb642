"""GET DATA and PUT DATA (SP 800-73-4 part 2, 3.1.2 and 3.3.1), and the objects' tags (part 1, table 3)."""

from collections.abc import Mapping

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import (
    FILE_NOT_FOUND,
    FUNCTION_NOT_SUPPORTED,
    INCORRECT_DATA,
    INCORRECT_P1_P2,
    SECURITY_STATUS_NOT_SATISFIED,
    CommandApdu,
)
from kilitcoz_cards.tlv import encode, parse
from kilitcoz_simulator.piv.context import Piv, Refused

CHUID = 0x5FC102
CCC = 0x5FC107
PRINTED_INFORMATION = 0x5FC109
DISCOVERY = 0x7E
BIOMETRIC_TEMPLATES = 0x7F61
ATTESTATION_CERTIFICATE = 0x5FFF01

_RETIRED_KEYS: Mapping[int, int] = {0x82 + n: 0x5FC10D + n for n in range(20)}
CERTIFICATE_OF_SLOT: Mapping[int, int] = {
    0x9A: 0x5FC105,
    0x9C: 0x5FC10A,
    0x9D: 0x5FC10B,
    0x9E: 0x5FC101,
    0xF9: ATTESTATION_CERTIFICATE,
    **_RETIRED_KEYS,
}
PIN_PROTECTED = frozenset((PRINTED_INFORMATION, 0x5FC103, 0x5FC108, 0x5FC121))  # print, finger, face, iris

_AID = bytes.fromhex("a000000308000010000100")
_PIN_USAGE_POLICY = b"\x40\x00"  # part 1, 3.3.2: the application PIN alone
_DISCOVERY_CONTENT = encode(0x4F, _AID) + encode(0x5F2F, _PIN_USAGE_POLICY)

_TAG_LIST = 0x5C
_CONTENT = 0x53


def get_data(piv: Piv, command: CommandApdu) -> bytes:
    """GET DATA (INS CB): 53 ‖ content; the discovery object is its own envelope."""
    _require_current_df(command)
    tag = _single_tag(command.data)
    if tag == DISCOVERY:
        return encode(DISCOVERY, _DISCOVERY_CONTENT)
    content = piv.state.objects.get(tag)
    if content is None:
        raise Refused(FILE_NOT_FOUND)
    if tag in PIN_PROTECTED and not piv.session.pin_verified:
        raise Refused(SECURITY_STATUS_NOT_SATISFIED)
    return encode(_CONTENT, content)


def put_data(piv: Piv, command: CommandApdu) -> bytes:
    """PUT DATA (INS DB): writes an object, or removes it when the content is empty."""
    _require_current_df(command)
    piv.require_management_key()
    try:
        members = parse(command.data)
    except CardMalformed:
        raise Refused(INCORRECT_DATA) from None
    if [each.tag for each in members] != [_TAG_LIST, _CONTENT]:
        # 7E and 7F61 bring their own envelope; this card's discovery object is fixed
        raise Refused(FUNCTION_NOT_SUPPORTED)
    tag = int.from_bytes(members[0].value, "big")
    piv.state = piv.state.with_object(tag, members[1].value or None)
    return b""


def certificate_object(der: bytes) -> bytes:
    """A certificate as PIV stores it: 70 certificate, 71 CertInfo (not compressed), FE (no check code)."""
    return encode(0x70, der) + encode(0x71, b"\x00") + encode(0xFE, b"")


def _require_current_df(command: CommandApdu) -> None:
    if (command.p1, command.p2) != (0x3F, 0xFF):
        raise Refused(INCORRECT_P1_P2)


def _single_tag(data: bytes) -> int:
    try:
        members = parse(data)
    except CardMalformed:
        raise Refused(INCORRECT_DATA) from None
    if len(members) != 1 or members[0].tag != _TAG_LIST or not members[0].value:
        raise Refused(INCORRECT_DATA)
    return int.from_bytes(members[0].value, "big")
