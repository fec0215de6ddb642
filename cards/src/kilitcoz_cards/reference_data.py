"""Commands on PINs and PUKs, ISO/IEC 7816-4:2005: VERIFY (7.5.6), CHANGE REFERENCE DATA (7.5.7), RESET RETRY
COUNTER (7.5.10).

A rule of this module: these are the only places where a secret enters an APDU.
"""

from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.pin import Pin, PinReference, Puk

INS_VERIFY = 0x20
INS_CHANGE_REFERENCE_DATA = 0x24
INS_RESET_RETRY_COUNTER = 0x2C


def verify(reference: PinReference, pin: Pin) -> CommandApdu:
    """VERIFY: a wrong PIN costs a try."""
    return CommandApdu(0x00, INS_VERIFY, 0x00, reference.p2, reference.block(pin))


def verify_status(reference: PinReference) -> CommandApdu:
    """VERIFY without data: asks for the state. Free on a family that was identified, and only there."""
    return CommandApdu(0x00, INS_VERIFY, 0x00, reference.p2)


def change_reference_data(reference: PinReference, old: Pin | Puk, new: Pin | Puk) -> CommandApdu:
    """CHANGE REFERENCE DATA, P1=00: old ‖ new. A wrong old value costs a try."""
    data = reference.block(old) + reference.block(new)
    return CommandApdu(0x00, INS_CHANGE_REFERENCE_DATA, 0x00, reference.p2, data)


def reset_retry_counter(pin: PinReference, puk: PinReference, secret: Puk, new_pin: Pin) -> CommandApdu:
    """RESET RETRY COUNTER, P1=00: PUK ‖ new PIN, addressed to the PIN. A wrong PUK costs a PUK try."""
    data = puk.block(secret) + pin.block(new_pin)
    return CommandApdu(0x00, INS_RESET_RETRY_COUNTER, 0x00, pin.p2, data)
