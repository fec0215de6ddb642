"""Proof by the PIV key that needs no PIN, 9E (SP 800-73-4 part 1, 3.1.3).

The digest and, for RSA, its PKCS#1 v1.5 encoding are built on this side; the card does the private operation.
"""

from kilitcoz_cards.families.piv_keys import use_key
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.signatures import signature_input

CARD_AUTHENTICATION = 0x9E


def general_authenticate(algorithm: KeyAlgorithm, challenge: bytes) -> CommandApdu:
    """The command that has 9E sign `challenge` (the bytes themselves; they are hashed here)."""
    return use_key(CARD_AUTHENTICATION, algorithm, signature_input(algorithm, challenge))
