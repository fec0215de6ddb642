"""Public keys as SubjectPublicKeyInfo in DER (RFC 5280, 4.1.2.7; RFC 5480, 2; RFC 3279, 2.3.1), from the
numbers that a card tells.

Bytes to bytes: whether a point lies on its curve is for those who use the key.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.tlv import encode

SEQUENCE, INTEGER, BIT_STRING, NULL, OBJECT_IDENTIFIER = 0x30, 0x02, 0x03, 0x05, 0x06

EC_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")  # 1.2.840.10045.2.1
RSA_ENCRYPTION = bytes.fromhex("2a864886f70d010101")  # 1.2.840.113549.1.1.1
CURVES: Mapping[KeyAlgorithm, bytes] = MappingProxyType(
    {
        KeyAlgorithm.ECC_P256: bytes.fromhex("2a8648ce3d030107"),  # 1.2.840.10045.3.1.7, secp256r1
        KeyAlgorithm.ECC_P384: bytes.fromhex("2b81040022"),  # 1.3.132.0.34, secp384r1
    }
)


def ec_public_key(curve: KeyAlgorithm, point: bytes) -> bytes:
    """From the uncompressed point, 04 ‖ x ‖ y."""
    parameters = encode(OBJECT_IDENTIFIER, CURVES[curve])
    return _info(encode(OBJECT_IDENTIFIER, EC_PUBLIC_KEY) + parameters, point)


def rsa_public_key(modulus: bytes, exponent: bytes) -> bytes:
    """From modulus and exponent, big endian."""
    numbers = encode(SEQUENCE, _integer(modulus) + _integer(exponent))
    return _info(encode(OBJECT_IDENTIFIER, RSA_ENCRYPTION) + encode(NULL, b""), numbers)


def _info(algorithm: bytes, key: bytes) -> bytes:
    return encode(SEQUENCE, encode(SEQUENCE, algorithm) + encode(BIT_STRING, b"\x00" + key))


def _integer(number: bytes) -> bytes:
    """Positive and shortest (X.690, 8.3)."""
    value = number.lstrip(b"\x00")
    return encode(INTEGER, b"\x00" + value if not value or value[0] & 0x80 else value)
