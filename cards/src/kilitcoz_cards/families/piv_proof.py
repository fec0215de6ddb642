"""Proof by the PIV key that needs no PIN, 9E (SP 800-73-4 part 1, 3.1.3).

The digest and, for RSA, its PKCS#1 v1.5 encoding are built here; the card does the private operation.
"""

import hashlib

from kilitcoz_cards.families.piv_keys import use_key
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.signatures import emsa_pkcs1_v1_5

CARD_AUTHENTICATION = 0x9E


def general_authenticate(algorithm: KeyAlgorithm, challenge: bytes) -> CommandApdu:
    """The command that has 9E sign `challenge` (the bytes themselves; they are hashed here)."""
    return use_key(CARD_AUTHENTICATION, algorithm, signature_input(algorithm, challenge))


def signature_input(algorithm: KeyAlgorithm, challenge: bytes) -> bytes:
    """What the card's private operation is given: the digest, or the encoded message EM of RFC 8017."""
    digest = hashlib.new(algorithm.hash_name, challenge).digest()
    return emsa_pkcs1_v1_5(digest, algorithm.block_length) if algorithm.is_rsa else digest
