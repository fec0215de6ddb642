"""The vendor's management application, as far as it tells what the device is (PyPI's ykman asks first).

Only cards of profile `yubikey` have it. Nothing can be configured through it.
"""

from kilitcoz_cards.iso7816 import (
    INSTRUCTION_NOT_SUPPORTED,
    SUCCESS,
    CommandApdu,
    ResponseApdu,
)
from kilitcoz_cards.tlv import encode
from kilitcoz_simulator.state import CardState

AID = bytes.fromhex("a000000527471117")

INS_READ_CONFIG = 0x1D
_PIV = b"\x00\x10"  # capability bit of the PIV application

_USB_SUPPORTED, _SERIAL, _USB_ENABLED, _FORM_FACTOR, _VERSION = 0x01, 0x02, 0x03, 0x04, 0x05
_CONFIG_LOCKED, _NFC_SUPPORTED, _NFC_ENABLED = 0x0A, 0x0D, 0x0E


def greeting(state: CardState) -> bytes:
    """What SELECT answers: a text that ends with the firmware version."""
    return "Virtual mgr - FW version {}.{}.{}".format(*(state.profile.extensions or (0, 0, 0))).encode()


def process(state: CardState, command: CommandApdu) -> ResponseApdu:
    """READ CONFIG (INS 1D): length ‖ device information in TLV; one page."""
    if command.ins != INS_READ_CONFIG:
        return ResponseApdu(b"", INSTRUCTION_NOT_SUPPORTED)
    information = (
        encode(_USB_SUPPORTED, _PIV)
        + encode(_SERIAL, state.serial.to_bytes(4, "big"))
        + encode(_USB_ENABLED, _PIV)
        + encode(_FORM_FACTOR, b"\x00")
        + encode(_VERSION, bytes(state.profile.extensions or (0, 0, 0)))
        + encode(_CONFIG_LOCKED, b"\x00")
        + encode(_NFC_SUPPORTED, _PIV)
        + encode(_NFC_ENABLED, _PIV)
    )
    return ResponseApdu(bytes((len(information),)) + information, SUCCESS)
