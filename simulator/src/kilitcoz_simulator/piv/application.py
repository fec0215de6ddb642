"""The application as a whole: its identifier, and which command goes to which handler."""

from collections.abc import Mapping

from kilitcoz_cards.iso7816 import (
    CLASS_NOT_SUPPORTED,
    INSTRUCTION_NOT_SUPPORTED,
    LOGICAL_CHANNEL_NOT_SUPPORTED,
    SUCCESS,
    CommandApdu,
    ResponseApdu,
)
from kilitcoz_cards.tlv import encode
from kilitcoz_simulator.piv import authenticate, data_objects, extensions, key_pairs, reference_data
from kilitcoz_simulator.piv.context import Handler, Piv, Refused

AID = bytes.fromhex("a000000308000010000100")
RID = AID[:5]

STANDARD: Mapping[int, Handler] = {
    0x20: reference_data.verify,
    0x24: reference_data.change_reference_data,
    0x2C: reference_data.reset_retry_counter,
    0x47: key_pairs.generate_asymmetric,
    0x87: authenticate.general_authenticate,
    0xCB: data_objects.get_data,
    0xDB: data_objects.put_data,
}
EXTENSIONS: Mapping[int, Handler] = {
    0xF6: key_pairs.move_key,
    0xF7: extensions.get_metadata,
    0xF8: extensions.get_serial,
    0xF9: key_pairs.attest,
    0xFA: extensions.set_pin_retries,
    0xFB: extensions.reset,
    0xFD: extensions.get_version,
    0xFE: key_pairs.import_key,
    0xFF: extensions.set_management_key,
}


def is_piv(aid: bytes) -> bool:
    """Whether SELECT by this name finds PIV: the full identifier, or right-truncated down to the RID."""
    return len(RID) <= len(aid) and AID.startswith(aid)


def application_property_template() -> bytes:
    """What SELECT answers (SP 800-73-4 part 2, table 3): 61 { 4F PIX, 79 { 4F RID } }."""
    return encode(0x61, encode(0x4F, AID[len(RID) :]) + encode(0x79, encode(0x4F, RID)))


def process(piv: Piv, command: CommandApdu) -> ResponseApdu:
    """Executes one complete command. The state after it is in `piv.state`, also when it was refused."""
    try:
        return ResponseApdu(_handler(piv, command)(piv, command), SUCCESS)
    except Refused as refused:
        return ResponseApdu(b"", refused.sw)


def _handler(piv: Piv, command: CommandApdu) -> Handler:
    if command.cla & 0x03:
        raise Refused(LOGICAL_CHANNEL_NOT_SUPPORTED)
    if command.cla:
        raise Refused(CLASS_NOT_SUPPORTED)
    handler = STANDARD.get(command.ins)
    if handler is None and piv.state.profile.extensions:
        handler = EXTENSIONS.get(command.ins)
    if handler is None:
        raise Refused(INSTRUCTION_NOT_SUPPORTED)
    return handler
