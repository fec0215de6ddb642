"""A PIV card as its factory ships it: public numbers, the same on every card of a kind. No secret is here.

A vendor whose cards come with others gets a row of its own.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.pin import Puk

PUK = Puk.from_text("12345678")

_KEY = bytes.fromhex("0102030405060708") * 3
MANAGEMENT_KEYS: Mapping[ManagementAlgorithm, bytes] = MappingProxyType(
    {ManagementAlgorithm.AES_192: _KEY, ManagementAlgorithm.TDES: _KEY}
)
"""The same 24 bytes under either cipher: triple DES on older cards, AES-192 on newer ones."""
