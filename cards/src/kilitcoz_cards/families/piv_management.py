"""A PIV card's management key, 9B: who knows it may write to the card (SP 800-73-4 part 2, 3.2.4 and A.1).

Authentication is a challenge of the card and its cryptogram, which comes from outside: here is no cipher and
no key, so that the key may stay where it is kept. Nothing is charged for a wrong answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardMalformed, ManagementKeyRefused, UnexpectedStatus
from kilitcoz_cards.families.piv import get_metadata
from kilitcoz_cards.families.piv_keys import CHALLENGE, INS_GENERAL_AUTHENTICATE, RESPONSE, TEMPLATE
from kilitcoz_cards.families.piv_objects import METADATA_ALGORITHM
from kilitcoz_cards.iso7816 import INSTRUCTION_NOT_SUPPORTED, SHORT_MAX_NE, CommandApdu
from kilitcoz_cards.tlv import encode, find_in_prefix, require

MANAGEMENT_KEY = 0x9B
INS_SET_MANAGEMENT_KEY = 0xFF  # Yubico's; other cards answer 6D00
WITHOUT_TOUCH = 0xFF  # P2 of SET MANAGEMENT KEY


class ManagementAlgorithm(StrEnum):
    """Ciphers of a management key (SP 800-78-5, table 6-2), the stronger first."""

    AES_256 = "aes-256"
    AES_192 = "aes-192"
    AES_128 = "aes-128"
    TDES = "3des"  # of factories only: no key of ours

    @property
    def identifier(self) -> int:
        """P1 of GENERAL AUTHENTICATE."""
        return _IDENTIFIERS[self]

    @property
    def key_length(self) -> int:
        """Bytes of the key."""
        return {"aes-256": 32, "aes-192": 24, "aes-128": 16, "3des": 24}[self.value]

    @property
    def block_length(self) -> int:
        """Bytes of a challenge and of its cryptogram: one block."""
        return 8 if self is ManagementAlgorithm.TDES else 16


_IDENTIFIERS: Mapping[ManagementAlgorithm, int] = MappingProxyType(
    {
        ManagementAlgorithm.AES_256: 0x0C,
        ManagementAlgorithm.AES_192: 0x0A,
        ManagementAlgorithm.AES_128: 0x08,
        ManagementAlgorithm.TDES: 0x03,
    }
)

Cryptogram = Callable[[ManagementAlgorithm, bytes], bytes]
"""The challenge (one block), enciphered by the management key: the standard's ECB over that block. Raises
ManagementKeyRefused where the key is of another cipher.
"""


@dataclass(frozen=True, slots=True)
class ManagementKey:
    """A key of our own making, on its way to the card: `algorithm`, and as many bytes as it wants."""

    algorithm: ManagementAlgorithm
    value: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.algorithm is ManagementAlgorithm.TDES or len(self.value) != self.algorithm.key_length:
            raise ValueError("no management key of ours")


def read_algorithm() -> Conversation[ManagementAlgorithm]:
    """Which cipher the key has: by metadata, or by asking for a challenge; a refused one costs nothing.

    Raises ManagementKeyRefused where the card takes none.
    """
    metadata = yield from get_metadata(MANAGEMENT_KEY)
    told = find_in_prefix(metadata, METADATA_ALGORITHM) if metadata is not None else None
    for algorithm in ManagementAlgorithm:
        if told == bytes((algorithm.identifier,)):
            return algorithm
    for algorithm in ManagementAlgorithm:
        if (yield asking(algorithm)).sw.is_success:
            return algorithm
    raise ManagementKeyRefused("no cipher of ours")


def authenticate(algorithm: ManagementAlgorithm, answer: Cryptogram) -> Conversation[None]:
    """The card's challenge, answered: then the card may be written to until it is reset.

    Raises ManagementKeyRefused where the card takes the answer for wrong, UnexpectedStatus.
    """
    response = yield asking(algorithm)
    if not response.sw.is_success:
        raise UnexpectedStatus("GENERAL AUTHENTICATE", response.sw)
    challenge = require(response.data, TEMPLATE, CHALLENGE)
    if len(challenge) != algorithm.block_length:
        raise CardMalformed("a challenge is one block")
    response = yield answering(algorithm, answer(algorithm, challenge))
    if not response.sw.is_success:
        raise ManagementKeyRefused("9B")


def asking(algorithm: ManagementAlgorithm) -> CommandApdu:
    """External authentication, first step: 7C { 81 (empty: the card makes it) }."""
    return _general_authenticate(algorithm, encode(CHALLENGE, b""))


def answering(algorithm: ManagementAlgorithm, cryptogram: bytes) -> CommandApdu:
    """External authentication, second step: 7C { 82 cryptogram }."""
    return _general_authenticate(algorithm, encode(RESPONSE, cryptogram))


def set_management_key(key: ManagementKey) -> Conversation[bool]:
    """SET MANAGEMENT KEY, in a session that authenticated by the old one; False where the card has no such
    command. Raises UnexpectedStatus.
    """
    data = management_key_prefix(key.algorithm) + key.value
    response = yield CommandApdu(0x00, INS_SET_MANAGEMENT_KEY, 0xFF, WITHOUT_TOUCH, data)
    if response.sw == INSTRUCTION_NOT_SUPPORTED:
        return False
    if not response.sw.is_success:
        raise UnexpectedStatus("SET MANAGEMENT KEY", response.sw)
    return True


def management_key_prefix(algorithm: ManagementAlgorithm) -> bytes:
    """What stands before the key: algorithm ‖ 9B ‖ length."""
    return bytes((algorithm.identifier, MANAGEMENT_KEY, algorithm.key_length))


def _general_authenticate(algorithm: ManagementAlgorithm, content: bytes) -> CommandApdu:
    data = encode(TEMPLATE, content)
    return CommandApdu(
        0x00, INS_GENERAL_AUTHENTICATE, algorithm.identifier, MANAGEMENT_KEY, data, SHORT_MAX_NE
    )
