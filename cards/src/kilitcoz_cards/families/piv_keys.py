"""A PIV card's private keys: GENERAL AUTHENTICATE (INS 87; SP 800-73-4 part 2, 3.2.4 and A.3).

The card does the bare private operation; digests and encodings come from whoever asks for it.
"""

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.families.piv_objects import ALGORITHM_IDENTIFIERS
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import SHORT_MAX_NE, CommandApdu
from kilitcoz_cards.tlv import encode, require

INS_GENERAL_AUTHENTICATE = 0x87
TEMPLATE, CHALLENGE, RESPONSE = 0x7C, 0x81, 0x82


def use_key(reference: int, algorithm: KeyAlgorithm, block: bytes) -> CommandApdu:
    """The command that has the key in slot `reference` sign `block`, as long as `block_length`."""
    return CommandApdu(
        0x00,
        INS_GENERAL_AUTHENTICATE,
        ALGORITHM_IDENTIFIERS[algorithm],
        reference,
        template_prefix(algorithm) + block,
        _ne(algorithm),
    )


def template_prefix(algorithm: KeyAlgorithm) -> bytes:
    """7C { 82 (empty: the answer is wanted), 81 … } up to the block, which is last."""
    length = algorithm.block_length
    data = encode(TEMPLATE, encode(RESPONSE, b"") + encode(CHALLENGE, bytes(length)))
    return data[:-length]


def signature_of(algorithm: KeyAlgorithm, answer: bytes) -> bytes:
    """The signature in the dynamic authentication template; CardMalformed where it cannot be this key's."""
    signature = require(answer, TEMPLATE, RESPONSE)
    if not algorithm.is_rsa:
        require(signature, 0x30)  # ECDSA: a DER SEQUENCE of r and s
    elif len(signature) != algorithm.block_length:
        raise CardMalformed("a signature as long as no such key makes it")
    return signature


def _ne(algorithm: KeyAlgorithm) -> int:
    """Room for the whole answer: ECDSA's fits 256 bytes; RSA's needs extended length or GET RESPONSE."""
    return 2 * SHORT_MAX_NE if algorithm.is_rsa else SHORT_MAX_NE
