"""Around a card's bare private-key operation: what it is given, and what is made of its answer.

RSA: the encoded messages EM of RFC 8017, PKCS#1 v1.5 (9.2) and PSS (9.1). ECDSA: from DER (RFC 3279, 2.2.3)
to r ‖ s (RFC 7518, 3.4). Only public values pass through here; randomness is an argument.
"""

import hashlib

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.tlv import parse, require

DIGEST_INFO_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, 9.2, note 1
SEQUENCE, INTEGER = 0x30, 0x02
PSS_TRAILER = b"\xbc"


def signature_input(key: KeyAlgorithm, message: bytes) -> bytes:
    """What a key's private operation is given to sign `message`: its digest, or for RSA the encoded message
    of PKCS#1 v1.5.
    """
    digest = hashlib.new(key.hash_name, message).digest()
    return emsa_pkcs1_v1_5(digest, key.block_length) if key.is_rsa else digest


def emsa_pkcs1_v1_5(digest: bytes, length: int) -> bytes:
    """EMSA-PKCS1-v1_5 of a SHA-256 digest, `length` bytes: those of the modulus."""
    info = DIGEST_INFO_SHA256 + digest
    return b"\x00\x01" + b"\xff" * (length - 3 - len(info)) + b"\x00" + info


def emsa_pss(digest: bytes, length: int, salt: bytes) -> bytes:
    """EMSA-PSS of a SHA-256 digest with MGF1 over SHA-256, for a modulus of exactly 8 · `length` bits."""
    seed = hashlib.sha256(bytes(8) + digest + salt).digest()
    block = (b"\x01" + salt).rjust(length - len(seed) - 1, b"\x00")
    mask = mgf1(seed, len(block))
    masked = bytes(each ^ other for each, other in zip(block, mask, strict=True))
    return bytes((masked[0] & 0x7F,)) + masked[1:] + seed + PSS_TRAILER


def mgf1(seed: bytes, length: int) -> bytes:
    """The mask generation function of RFC 8017, B.2.1, over SHA-256."""
    blocks = -(-length // 32)
    return b"".join(hashlib.sha256(seed + index.to_bytes(4, "big")).digest() for index in range(blocks))[
        :length
    ]


def raw_ecdsa(der: bytes, size: int) -> bytes:
    """r ‖ s, each `size` bytes, from a DER SEQUENCE of two INTEGERs; CardMalformed for anything else."""
    integers = parse(require(der, SEQUENCE))
    if [each.tag for each in integers] != [INTEGER, INTEGER]:
        raise CardMalformed("an ECDSA signature is two integers")
    return b"".join(_unsigned(each.value, size) for each in integers)


def _unsigned(value: bytes, size: int) -> bytes:
    number = int.from_bytes(value, "big", signed=True)
    if not 0 < number < 1 << (8 * size):
        raise CardMalformed("an integer that no such signature has")
    return number.to_bytes(size, "big")
