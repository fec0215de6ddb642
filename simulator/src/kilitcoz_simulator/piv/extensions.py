"""The vendor's commands that tools and agents ask for: version, serial number, metadata, retries, reset.

They are those of Yubico's PIV application; a card of profile `plain` answers 6D00 to all of them.
"""

from dataclasses import replace

from kilitcoz_cards.iso7816 import (
    CONDITIONS_NOT_SATISFIED,
    INCORRECT_DATA,
    INCORRECT_P1_P2,
    REFERENCE_DATA_NOT_FOUND,
    SECURITY_STATUS_NOT_SATISFIED,
    WRONG_LENGTH,
    CommandApdu,
)
from kilitcoz_cards.tlv import encode
from kilitcoz_simulator import keys
from kilitcoz_simulator.piv.authenticate import MANAGEMENT_KEY, MANAGEMENT_KEY_LENGTHS, TDES
from kilitcoz_simulator.piv.context import Piv, Refused
from kilitcoz_simulator.piv.data_objects import ATTESTATION_CERTIFICATE
from kilitcoz_simulator.piv.key_pairs import ATTESTATION
from kilitcoz_simulator.piv.reference_data import Reference
from kilitcoz_simulator.state import ManagementKey, ReferenceData, pin_block

DEFAULT_PIN = pin_block("123456")
DEFAULT_PUK = pin_block("12345678")
DEFAULT_MANAGEMENT_KEY = ManagementKey(TDES, bytes.fromhex("0102030405060708") * 3)
DEFAULT_RETRIES = 3

NO_TOUCH, TOUCH = 0xFF, 0xFE  # P2 of SET MANAGEMENT KEY


def get_version(piv: Piv, command: CommandApdu) -> bytes:
    """GET VERSION (INS FD): three bytes."""
    del command
    return bytes(piv.state.profile.extensions or (0, 0, 0))


def get_serial(piv: Piv, command: CommandApdu) -> bytes:
    """GET SERIAL (INS F8): four bytes, big endian."""
    del command
    return piv.state.serial.to_bytes(4, "big")


def get_metadata(piv: Piv, command: CommandApdu) -> bytes:
    """GET METADATA (INS F7) of reference P2: 01 algorithm, 02 policies, 03 origin, 04 public key, 05 default
    value?, 06 tries (all, left)."""
    if command.p2 == Reference.PIN:
        return _tries(piv.state.pin, DEFAULT_PIN)
    if command.p2 == Reference.PUK:
        return _tries(piv.state.puk, DEFAULT_PUK)
    if command.p2 == MANAGEMENT_KEY:
        is_default = piv.state.management_key.value == DEFAULT_MANAGEMENT_KEY.value
        algorithm = bytes((piv.state.management_key.algorithm,))
        return encode(0x01, algorithm) + encode(0x02, b"\x00\x01") + encode(0x05, bytes((is_default,)))
    key = piv.state.keys.get(command.p2)
    if key is None:
        raise Refused(REFERENCE_DATA_NOT_FOUND)
    return (
        encode(0x01, bytes((key.algorithm,)))
        + encode(0x02, bytes((key.pin_policy, key.touch_policy)))
        + encode(0x03, bytes((key.origin,)))
        + encode(0x04, keys.public_template(keys.from_der(key.private_der)))
    )


def set_pin_retries(piv: Piv, command: CommandApdu) -> bytes:
    """SET PIN RETRIES (INS FA): P1 for the PIN, P2 for the PUK; both get their factory values."""
    piv.require_management_key()
    if not piv.session.pin_verified:
        raise Refused(SECURITY_STATUS_NOT_SATISFIED)
    if not command.p1 or not command.p2:
        raise Refused(INCORRECT_P1_P2)
    piv.state = replace(
        piv.state,
        pin=ReferenceData(DEFAULT_PIN, command.p1, command.p1),
        puk=ReferenceData(DEFAULT_PUK, command.p2, command.p2),
    )
    return b""


def reset(piv: Piv, command: CommandApdu) -> bytes:
    """RESET (INS FB): back to the factory's state; only when PIN and PUK are both blocked."""
    del command
    if not (piv.state.pin.blocked and piv.state.puk.blocked):
        raise Refused(CONDITIONS_NOT_SATISFIED)
    kept_key = {slot: key for slot, key in piv.state.keys.items() if slot == ATTESTATION}
    kept_object = {
        tag: content for tag, content in piv.state.objects.items() if tag == ATTESTATION_CERTIFICATE
    }
    piv.state = replace(
        piv.state,
        pin=ReferenceData(DEFAULT_PIN, DEFAULT_RETRIES, DEFAULT_RETRIES),
        puk=ReferenceData(DEFAULT_PUK, DEFAULT_RETRIES, DEFAULT_RETRIES),
        management_key=DEFAULT_MANAGEMENT_KEY,
        keys=kept_key,
        objects=kept_object,
    )
    piv.forget_security_status()
    return b""


def set_management_key(piv: Piv, command: CommandApdu) -> bytes:
    """SET MANAGEMENT KEY (INS FF): algorithm ‖ 9B ‖ length ‖ key."""
    piv.require_management_key()
    if command.p1 != 0xFF or command.p2 not in (NO_TOUCH, TOUCH):
        raise Refused(INCORRECT_P1_P2)
    if len(command.data) < 3 or command.data[1] != MANAGEMENT_KEY:
        raise Refused(INCORRECT_DATA)
    algorithm, length, value = command.data[0], command.data[2], command.data[3:]
    if MANAGEMENT_KEY_LENGTHS.get(algorithm) != length or len(value) != length:
        raise Refused(WRONG_LENGTH)
    piv.state = replace(piv.state, management_key=ManagementKey(algorithm, value))
    return b""


def _tries(reference: ReferenceData, default: bytes) -> bytes:
    return (
        encode(0x01, b"\xff")
        + encode(0x05, bytes((reference.value == default,)))
        + encode(0x06, bytes((reference.retries_total, reference.retries_left)))
    )
