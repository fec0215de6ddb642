"""What an SMSC says, read as it comes: statuses of its own making, parameters that nobody knows, and receipts
in the many forms that the SMPP 3.4 specification calls "SMSC vendor specific" (appendix B) are all borne.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiosmpplib.state import MESSAGE_PAYLOAD, MESSAGE_STATE, RECEIPTED_MESSAGE_ID, SmppCommand

HEADER = 16
LONGEST = 64 * 1024
_RECEIPT = 0x04  # esm_class, bits 5 to 2: SMSC delivery receipt (§5.2.12)
_ID = re.compile(rb"\bid:\s*([^\s]+)", re.IGNORECASE)
_STATE = re.compile(rb"\bstat:\s*([A-Za-z]+)", re.IGNORECASE)
_STATES = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN"}
_STATES[8] = "REJECTD"


class NoPdu(Exception):  # noqa: N818 - named after what is wrong, as all errors here
    """What came is no PDU: the session cannot go on."""


@dataclass(frozen=True)
class Pdu:
    """One protocol data unit. `command` and `status` are numbers: SMSCs have some of their own."""

    command: int
    status: int
    sequence: int
    body: bytes = field(repr=False)

    @property
    def answers(self) -> bool:
        """Whether it is a response to something of ours."""
        return bool(self.command & 0x8000_0000)


@dataclass(frozen=True)
class Receipt:
    """What became of a message: the SMSC's name for it, and its state (DELIVRD, UNDELIV, …)."""

    message_id: str
    state: str


def length_of(header: bytes) -> int:
    """The whole PDU's length in octets. Raises NoPdu."""
    length = int(struct.unpack_from("!I", header)[0])
    if not HEADER <= length <= LONGEST:
        raise NoPdu
    return length


def read(octets: bytes) -> Pdu:
    """A whole PDU."""
    _, command, status, sequence = struct.unpack_from("!IIII", octets)
    return Pdu(command, status, sequence, octets[HEADER:])


def message_id(response: Pdu) -> str:
    """The SMSC's name for the message, of a submit_sm_resp; "" where it has none."""
    return response.body.partition(b"\0")[0].decode("ascii", "replace")


def receipt(pdu: Pdu) -> Receipt | None:
    """The delivery receipt in a deliver_sm; None for anything else that it may be."""
    if pdu.command != SmppCommand.DELIVER_SM:
        return None
    try:
        esm_class, text, optional = _deliver_sm(pdu.body)
    except (ValueError, struct.error):
        return None
    if esm_class & 0x3C != _RECEIPT:
        return None
    text = text or optional.get(MESSAGE_PAYLOAD, b"")
    found_id, found_state = _ID.search(text), _STATE.search(text)
    named = optional.get(RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0") or (found_id.group(1) if found_id else b"")
    told = found_state.group(1).decode().upper() if found_state else ""
    state = _STATES.get(int.from_bytes(optional.get(MESSAGE_STATE, b"")), told)
    return Receipt(named.decode("ascii", "replace"), state) if named and state else None


def _deliver_sm(body: bytes) -> tuple[int, bytes, dict[int, bytes]]:
    """esm_class, short_message, optional parameters (§4.6.1)."""
    at = body.index(b"\0") + 1  # service_type
    for _ in range(2):  # source, destination: type, plan, address
        at = body.index(b"\0", at + 2) + 1
    esm_class = body[at]
    at += 3  # protocol_id, priority_flag
    for _ in range(2):  # schedule_delivery_time, validity_period
        at = body.index(b"\0", at) + 1
    at += 4  # registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id
    length = struct.unpack_from("!B", body, at)[0]
    return esm_class, body[at + 1 : at + 1 + length], dict(_optional(body[at + 1 + length :]))


def _optional(octets: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(octets):
        tag, length = struct.unpack_from("!HH", octets, at)
        yield tag, octets[at + 4 : at + 4 + length]
        at += 4 + length
