"""The management key of a PIV card: the card's challenge, a cryptogram from outside, a key of our own."""

from typing import TypeVar

import pytest

from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import CardMalformed, ManagementKeyRefused, TransportError, UnexpectedStatus
from kilitcoz_cards.families import piv_factory
from kilitcoz_cards.families.piv_management import (
    ManagementAlgorithm,
    ManagementKey,
    authenticate,
    read_algorithm,
    set_management_key,
)
from kilitcoz_cards.testing import LOST, Exchange, Script

T = TypeVar("T")

AES_256, AES_192, TDES = ManagementAlgorithm.AES_256, ManagementAlgorithm.AES_192, ManagementAlgorithm.TDES
BLOCK = "00112233445566778899aabbccddeeff"
ASK_AES: Exchange = ("00870C9B04 7C028100 00", f"7C128110{BLOCK} 9000")
ASK_TDES: Exchange = ("0087039B04 7C028100 00", "7C0A81080011223344556677 9000")
METADATA_AES: Exchange = ("00F7009B00", "01010C 02020001 050101 9000")
NO_METADATA: Exchange = ("00F7009B00", "6D00")


def reversed_block(_algorithm: ManagementAlgorithm, challenge: bytes) -> bytes:
    """In these scripts the key enciphers a block by turning it round."""
    return challenge[::-1]


def says(conversation: Conversation[T], *exchanges: Exchange) -> T:
    """The result of a conversation that goes exactly so."""
    script = Script(*exchanges)
    result = converse(conversation, script)
    script.assert_finished()
    return result


def test_the_cipher_is_read_from_the_card_s_metadata() -> None:
    assert says(read_algorithm(), METADATA_AES) is AES_256


def test_a_card_without_metadata_is_asked_for_a_challenge_the_strongest_cipher_first() -> None:
    refused = [(f"0087{each}9B04 7C028100 00", "6A86") for each in ("0C", "0A", "08")]
    assert says(read_algorithm(), NO_METADATA, *refused, ASK_TDES) is TDES


def test_a_card_that_takes_no_cipher_has_no_management_key_for_us() -> None:
    refused = [(f"0087{each}9B04 7C028100 00", "6D00") for each in ("0C", "0A", "08", "03")]
    with pytest.raises(ManagementKeyRefused):
        says(read_algorithm(), NO_METADATA, *refused)


def test_the_challenge_is_answered_by_whoever_has_the_key() -> None:
    answer = bytes.fromhex(BLOCK)[::-1].hex()
    says(authenticate(AES_256, reversed_block), ASK_AES, (f"00870C9B14 7C128210{answer} 00", "9000"))


def test_a_wrong_answer_is_the_key_s_refusal() -> None:
    answer = bytes.fromhex(BLOCK)[::-1].hex()
    with pytest.raises(ManagementKeyRefused):
        says(authenticate(AES_256, reversed_block), ASK_AES, (f"00870C9B14 7C128210{answer} 00", "6982"))


def test_a_challenge_of_another_length_is_not_answered() -> None:
    with pytest.raises(CardMalformed):
        says(authenticate(AES_256, reversed_block), (ASK_AES[0], "7C0A81080011223344556677 9000"))


def test_a_card_that_gives_no_challenge_is_not_answered() -> None:
    with pytest.raises(UnexpectedStatus, match="6982"):
        says(authenticate(AES_256, reversed_block), (ASK_AES[0], "6982"))


@pytest.mark.parametrize(("answer", "is_set"), [("9000", True), ("6D00", False)])
def test_a_key_of_ours_is_set_where_the_card_has_the_command(answer: str, is_set: bool) -> None:
    key = ManagementKey(AES_192, bytes(range(24)))
    command = f"00FFFFFF1B 0A9B18{bytes(range(24)).hex()}"
    assert says(set_management_key(key), (command, answer)) is is_set


def test_a_refused_or_unanswered_key_is_not_taken_for_set() -> None:
    key = ManagementKey(AES_192, bytes(range(24)))
    command = f"00FFFFFF1B 0A9B18{bytes(range(24)).hex()}"
    with pytest.raises(UnexpectedStatus, match="6982"):
        says(set_management_key(key), (command, "6982"))
    with pytest.raises(TransportError):
        says(set_management_key(key), (command, LOST))


@pytest.mark.parametrize(("algorithm", "length"), [(TDES, 24), (AES_256, 24), (AES_192, 32)])
def test_a_key_of_ours_is_aes_and_of_its_length(algorithm: ManagementAlgorithm, length: int) -> None:
    with pytest.raises(ValueError, match="no management key"):
        ManagementKey(algorithm, bytes(length))


def test_a_management_key_is_shown_by_no_repr() -> None:
    assert "0a0a" not in repr(ManagementKey(AES_192, b"\x0a" * 24)).lower()
    assert "\\n" not in repr(ManagementKey(AES_192, b"\x0a" * 24))


def test_the_factory_s_keys_fit_their_ciphers() -> None:
    for algorithm, value in piv_factory.MANAGEMENT_KEYS.items():
        assert len(value) == algorithm.key_length
