"""Proof by a PIV key that needs no PIN: GENERAL AUTHENTICATE (INS 87; SP 800-73-4 part 2, 3.2.4 and A.3).

The digest and, for RSA, its PKCS#1 v1.5 encoding (RFC 8017, 9.2) are built here; the card does the private
operation.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.families.piv_objects import ALGORITHM_IDENTIFIERS
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import SHORT_MAX_NE, CommandApdu
from kilitcoz_cards.tlv import encode, require

INS_GENERAL_AUTHENTICATE = 0x87
CARD_AUTHENTICATION = 0x9E
TEMPLATE, CHALLENGE, RESPONSE = 0x7C, 0x81, 0x82
DIGEST_INFO_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, 9.2, note 1
MODULUS_LENGTH: Mapping[KeyAlgorithm, int] = MappingProxyType(
    {KeyAlgorithm.RSA_2048: 256, KeyAlgorithm.RSA_3072: 384}
)
"""Bytes of the modulus, and so of what is signed and of the signature."""


def general_authenticate(algorithm: KeyAlgorithm, challenge: bytes) -> CommandApdu:
    """The command that has 9E sign `challenge` (the bytes themselves; they are hashed here)."""
    to_sign = encode(RESPONSE, b"") + encode(CHALLENGE, signature_input(algorithm, challenge))
    p1 = ALGORITHM_IDENTIFIERS[algorithm]
    data = encode(TEMPLATE, to_sign)
    return CommandApdu(0x00, INS_GENERAL_AUTHENTICATE, p1, CARD_AUTHENTICATION, data, _ne(algorithm))


def signature_input(algorithm: KeyAlgorithm, challenge: bytes) -> bytes:
    """What the card's private operation is given: the digest, or the encoded message EM of RFC 8017."""
    digest = hashlib.new(algorithm.hash_name, challenge).digest()
    if algorithm not in MODULUS_LENGTH:
        return digest
    message = DIGEST_INFO_SHA256 + digest
    padding = b"\xff" * (MODULUS_LENGTH[algorithm] - 3 - len(message))
    return b"\x00\x01" + padding + b"\x00" + message


def signature_of(algorithm: KeyAlgorithm, answer: bytes) -> bytes:
    """The signature in the dynamic authentication template; CardMalformed where it cannot be this key's."""
    signature = require(answer, TEMPLATE, RESPONSE)
    expected = MODULUS_LENGTH.get(algorithm)
    if expected is None:
        require(signature, 0x30)  # ECDSA: a DER SEQUENCE of r and s
    elif len(signature) != expected:
        raise CardMalformed("a signature as long as no such key makes it")
    return signature


def _ne(algorithm: KeyAlgorithm) -> int:
    """Room for the whole answer: ECDSA's fits 256 bytes; RSA's needs extended length or GET RESPONSE."""
    return SHORT_MAX_NE if algorithm not in MODULUS_LENGTH else 2 * SHORT_MAX_NE
