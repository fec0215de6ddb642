"""Writing to a PIV card whose management key was authenticated: key pairs made on it, data objects put on it
(SP 800-73-4 part 2, 3.3.1 and 3.3.2).

Each conversation may be repeated on the same card: a new key takes the old one's place, as an object does.
"""

from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardMalformed, NotAsWritten, UnexpectedStatus
from kilitcoz_cards.families.piv import INS_GET_METADATA, get_data
from kilitcoz_cards.families.piv_objects import (
    ALGORITHM_IDENTIFIERS,
    CERTIFICATES,
    DATA,
    certificate_object,
    certificate_of,
)
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import EXTENDED_MAX_NE, CommandApdu
from kilitcoz_cards.public_keys import ec_public_key, rsa_public_key
from kilitcoz_cards.tlv import encode, find, require

INS_GENERATE, INS_PUT_DATA = 0x47, 0xDB
CONTROL_TEMPLATE, ALGORITHM, PUBLIC_KEY = 0xAC, 0x80, 0x7F49
MODULUS, EXPONENT, POINT = 0x81, 0x82, 0x86
TAG_LIST = 0x5C
METADATA_PUBLIC_KEY = 0x04


def generate_key(slot: str, algorithm: KeyAlgorithm) -> Conversation[bytes]:
    """GENERATE ASYMMETRIC KEY PAIR: the new public key as SubjectPublicKeyInfo (DER).

    Its policies are the card's own for the slot: 9C wants the PIN each time, 9A once, 9E never. Raises
    UnexpectedStatus, CardMalformed.
    """
    response = yield CommandApdu(
        0x00, INS_GENERATE, 0x00, int(slot, 16), control_template(algorithm), EXTENDED_MAX_NE
    )
    if not response.sw.is_success:
        raise UnexpectedStatus("GENERATE ASYMMETRIC KEY PAIR", response.sw)
    return _public_key(algorithm, require(response.data, PUBLIC_KEY))


def control_template(algorithm: KeyAlgorithm) -> bytes:
    """AC { 80 algorithm }: no member that would loosen a policy."""
    return encode(CONTROL_TEMPLATE, encode(ALGORITHM, bytes((ALGORITHM_IDENTIFIERS[algorithm],))))


def read_public_key(slot: str, algorithm: KeyAlgorithm) -> Conversation[bytes | None]:
    """The key in a slot as the card's metadata tell it; None where it does not tell, or there is none."""
    response = yield CommandApdu(0x00, INS_GET_METADATA, 0x00, int(slot, 16), ne=EXTENDED_MAX_NE)
    key = find(response.data, METADATA_PUBLIC_KEY) if response.sw.is_success else None
    return None if key is None else _public_key(algorithm, key)


def put_data(tag: int, content: bytes) -> Conversation[None]:
    """PUT DATA: the object now holds `content`. Raises UnexpectedStatus."""
    data = object_name(tag) + encode(DATA, content)
    response = yield CommandApdu(0x00, INS_PUT_DATA, 0x3F, 0xFF, data)
    if not response.sw.is_success:
        raise UnexpectedStatus("PUT DATA", response.sw)


def object_name(tag: int) -> bytes:
    """5C { tag }: with what PUT DATA and GET DATA begin."""
    return encode(TAG_LIST, tag.to_bytes(3, "big"))


def put_certificate(slot: str, der: bytes) -> Conversation[None]:
    """PUT DATA of a certificate, then GET DATA: raises NotAsWritten where the card gives back another."""
    yield from put_data(CERTIFICATES[slot], certificate_object(der))
    stored = yield from get_data(CERTIFICATES[slot])
    if not stored or certificate_of(stored) != der:
        raise NotAsWritten(slot)


def _public_key(algorithm: KeyAlgorithm, template: bytes) -> bytes:
    """7F49's members as SubjectPublicKeyInfo; CardMalformed where they are not of such a key."""
    if algorithm.is_rsa:
        modulus = require(template, MODULUS)
        if len(modulus) != algorithm.block_length:
            raise CardMalformed("a modulus of another length")
        return rsa_public_key(modulus, require(template, EXPONENT))
    point = require(template, POINT)
    if len(point) != 2 * algorithm.block_length + 1 or point[0] != 0x04:
        raise CardMalformed("no uncompressed point of this curve")
    return ec_public_key(algorithm, point)
