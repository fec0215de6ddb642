"""PIN and PUK: VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (SP 800-73-4 part 2, 3.2.1 to 3.2.3).

A rule kept here: a try is charged before anything is compared, and the form of a new PIN is looked at only
after the old PIN or the PUK was compared: a wrong PUK with an ill-formed PIN burns a try, as on real cards.
"""

from dataclasses import replace
from enum import IntEnum

from kilitcoz_cards.iso7816 import (
    AUTHENTICATION_METHOD_BLOCKED,
    INCORRECT_DATA,
    INCORRECT_P1_P2,
    REFERENCE_DATA_NOT_FOUND,
    WRONG_LENGTH,
    CommandApdu,
)
from kilitcoz_simulator.piv.context import Piv, Refused
from kilitcoz_simulator.state import PIN_BLOCK, PIN_MINIMUM, ReferenceData

RESET_SECURITY_STATUS = 0xFF  # P1 of VERIFY
MAX_ANNOUNCED = 0x0F  # 63Cx has one digit for the tries left


class Reference(IntEnum):
    """Key references (SP 800-73-4 part 1, table 4b) that this card has."""

    PIN = 0x80
    PUK = 0x81


def verify(piv: Piv, command: CommandApdu) -> bytes:
    """VERIFY (INS 20): the PIN; without data: are tries left, and is it verified?"""
    if command.p2 != Reference.PIN:
        raise Refused(REFERENCE_DATA_NOT_FOUND)
    if command.p1 == RESET_SECURITY_STATUS and not command.data:
        _set_pin_verified(piv, verified=False)
        return b""
    if command.p1 != 0:
        raise Refused(INCORRECT_P1_P2)
    if not command.data:
        return _status(piv)
    if len(command.data) != PIN_BLOCK:
        raise Refused(WRONG_LENGTH)
    if piv.state.profile.digits_only and not _is_well_formed(piv, command.data):
        raise Refused(INCORRECT_DATA)  # 3.2.1 allows it: no try is charged
    _set_pin_verified(piv, verified=False)
    _check(piv, Reference.PIN, command.data)
    _set_pin_verified(piv, verified=True)
    return b""


def change_reference_data(piv: Piv, command: CommandApdu) -> bytes:
    """CHANGE REFERENCE DATA (INS 24): old ‖ new, of the PIN or the PUK."""
    if command.p1 != 0:
        raise Refused(INCORRECT_P1_P2)
    if command.p2 not in list(Reference):
        raise Refused(REFERENCE_DATA_NOT_FOUND)
    reference = Reference(command.p2)
    if reference is Reference.PUK and not piv.state.profile.change_puk:
        raise Refused(piv.state.profile.change_puk_refusal)
    old, new = _halves(command.data)
    if reference is Reference.PIN:
        _set_pin_verified(piv, verified=False)
    elif _pretends_success(piv):
        return b""
    _check(piv, reference, old)
    _set_value(piv, reference, new)
    if reference is Reference.PIN:
        _set_pin_verified(piv, verified=True)
    return b""


def reset_retry_counter(piv: Piv, command: CommandApdu) -> bytes:
    """RESET RETRY COUNTER (INS 2C): PUK ‖ new PIN. A wrong PUK also takes away the PIN's verified status."""
    if command.p1 != 0:
        raise Refused(INCORRECT_P1_P2)
    if command.p2 != Reference.PIN:
        raise Refused(REFERENCE_DATA_NOT_FOUND)
    puk, new_pin = _halves(command.data)
    if _pretends_success(piv):
        return b""
    try:
        _check(piv, Reference.PUK, puk)
    except Refused:
        _set_pin_verified(piv, verified=False)
        raise
    _set_value(piv, Reference.PIN, new_pin)
    return b""


def _status(piv: Piv) -> bytes:
    if piv.session.pin_verified:
        return b""
    if piv.state.pin.blocked:
        raise Refused(0x63C0 if piv.quirks.blocked_status_63c0 else AUTHENTICATION_METHOD_BLOCKED)
    raise Refused(0x63C0 | min(piv.state.pin.retries_left, MAX_ANNOUNCED))


def _check(piv: Piv, reference: Reference, candidate: bytes) -> None:
    """Charges a try, compares, gives all tries back when it is right. Refused: 6983 or 63Cx."""
    if reference is Reference.PUK and piv.quirks.cached_puk and piv.session.puk_verified:
        return
    if _get(piv, reference).blocked:
        raise Refused(AUTHENTICATION_METHOD_BLOCKED)
    charged = _get(piv, reference).charged()
    _put(piv, reference, charged)
    piv.on_charge()
    if not charged.matches(candidate):
        if charged.blocked and piv.quirks.blocked_on_last_try:
            raise Refused(AUTHENTICATION_METHOD_BLOCKED)
        raise Refused(0x63C0 | min(charged.retries_left, MAX_ANNOUNCED))
    _put(piv, reference, charged.restored())
    if reference is Reference.PUK:
        piv.session.puk_verified = True


def _set_value(piv: Piv, reference: Reference, new: bytes) -> None:
    if reference is Reference.PIN:
        if piv.quirks.refuse_new_pin is not None:
            raise Refused(piv.quirks.refuse_new_pin)
        if not _is_well_formed(piv, new):
            raise Refused(INCORRECT_DATA)
    elif len(new.rstrip(b"\xff")) < PIN_MINIMUM:
        raise Refused(INCORRECT_DATA)
    _put(piv, reference, _get(piv, reference).renewed(new))


def _pretends_success(piv: Piv) -> bool:
    return piv.quirks.any_puk_when_used_up and piv.state.puk.blocked


def _is_well_formed(piv: Piv, block: bytes) -> bool:
    value = block.rstrip(b"\xff")
    return len(value) >= PIN_MINIMUM and (value.isdigit() or not piv.state.profile.digits_only)


def _halves(data: bytes) -> tuple[bytes, bytes]:
    if len(data) != 2 * PIN_BLOCK:
        raise Refused(WRONG_LENGTH)
    return data[:PIN_BLOCK], data[PIN_BLOCK:]


def _get(piv: Piv, reference: Reference) -> ReferenceData:
    return piv.state.pin if reference is Reference.PIN else piv.state.puk


def _put(piv: Piv, reference: Reference, changed: ReferenceData) -> None:
    pin = reference is Reference.PIN
    piv.state = replace(piv.state, pin=changed) if pin else replace(piv.state, puk=changed)


def _set_pin_verified(piv: Piv, *, verified: bool) -> None:
    piv.session.pin_verified = piv.session.pin_just_verified = verified
