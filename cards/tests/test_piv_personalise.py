"""Making a card its holder's, command by command: numbered, given keys, written to; torn at every command."""

import pytest
from cards.tests.conftest import GUID, SIGNATURE, PivScripts
from cards.tests.test_piv_management import AES_192, BLOCK, NO_METADATA, reversed_block, says
from cards.tests.test_piv_writing import CERTIFICATE, KEYS, P256, template
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kilitcoz_cards.allowed import guard
from kilitcoz_cards.errors import ManagementKeyRefused, NotAsWritten, TransportError, WrongCard
from kilitcoz_cards.families import piv, piv_personalise
from kilitcoz_cards.families.piv_management import Cryptogram, ManagementAlgorithm, ManagementKey
from kilitcoz_cards.families.piv_objects import CCC, CERTIFICATES, CHUID, ccc_object, chuid_object
from kilitcoz_cards.families.piv_personalise import Certified, DeskCard
from kilitcoz_cards.identity import Identification, KeyAlgorithm, certificate_hash
from kilitcoz_cards.messages import OperationKind
from kilitcoz_cards.pin import PinState
from kilitcoz_cards.testing import Exchange, torn
from kilitcoz_cards.tlv import encode

OPEN = PinState(blocked=False, retries_left=3)
BLANK = DeskCard("piv", None, "12344821", pin=OPEN, puk=OPEN)
NUMBERED = DeskCard("piv", GUID, "12344821", pin=OPEN, puk=OPEN)
KEY = ManagementKey(AES_192, bytes(range(24)))
SPKI = KEYS[P256].public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
CERTIFIED = {"9c": Certified(P256, SPKI, CERTIFICATE)}

NO_CHUID: Exchange = ("00CB3FFF05 5C035FC102 00", "6A82")
OPEN_PIN: Exchange = ("00F7008000", "0101FF 050101 06020303 9000")
OPEN_PUK: Exchange = ("00F7008100", "0101FF 050101 06020303 9000")
NO_KEY: Exchange = ("00F7009E00", "6A88")
METADATA: Exchange = ("00F7009B00", "01010A 02020001 050101 9000")
ASKED: Exchange = ("00870A9B04 7C028100 00", f"7C128110{BLOCK} 9000")
ANSWER = bytes.fromhex(BLOCK)[::-1].hex()
ANSWERED: Exchange = (f"00870A9B14 7C128210{ANSWER} 00", "9000")
OTHER_ANSWER = "00" * 16
REFUSED: Exchange = (f"00870A9B14 7C128210{OTHER_ANSWER} 00", "6982")
PROVED: Exchange = (f"00870A9B14 7C128210{OTHER_ANSWER} 00", "9000")
SET_KEY: Exchange = (f"00FFFFFF1B 0A9B18{KEY.value.hex()}", "9000")


def certificate_read(slot: str, answer: str = "6A82") -> Exchange:
    """GET DATA of a slot's certificate."""
    return f"00CB3FFF05 5C03{CERTIFICATES[slot]:06X} 00", answer


def put(tag: int, content: bytes) -> Exchange:
    """PUT DATA, answered 9000."""
    data = encode(0x5C, tag.to_bytes(3, "big")) + encode(0x53, content)
    return f"00DB3FFF{len(data):02X} {data.hex()}", "9000"


EMPTY = tuple(certificate_read(slot) for slot in ("9a", "9c", "9e"))
NUMBERING = (
    put(CCC, ccc_object(bytes.fromhex(GUID))),
    put(CHUID, chuid_object(bytes.fromhex(GUID))),
)
MADE: Exchange = (
    "0047009C05 AC03800111 00",
    encode(0x7F49, template(P256)).hex() + "9000",
)
TELLS_9C: Exchange = ("00F7009C00", f"010111 02020301 {encode(0x04, template(P256)).hex()} 9000")
PUT_9C: Exchange = (f"00DB3FFF1A 5C035FC10A 5313 700C{CERTIFICATE.hex()} 710100 FE00", "9000")
READ_9C = certificate_read("9c", f"5313 700C{CERTIFICATE.hex()} 710100 FE00 9000")


def zeros(_algorithm: ManagementAlgorithm, _challenge: bytes) -> bytes:
    """Our own key, in these scripts: every block becomes zeros."""
    return bytes(16)


@pytest.fixture
def numbering(ayse: PivScripts) -> tuple[Exchange, ...]:
    """The transaction that numbers a blank card."""
    return ayse.select, NO_CHUID, ayse.serial, *EMPTY, METADATA, ASKED, ANSWERED, *NUMBERING


@pytest.fixture
def making(ayse: PivScripts) -> tuple[Exchange, ...]:
    """The transaction that makes a key in 9C."""
    return ayse.select, ayse.chuid, ayse.serial, METADATA, ASKED, ANSWERED, MADE


@pytest.fixture
def writing(ayse: PivScripts) -> tuple[Exchange, ...]:
    """The transaction that writes a certificate and a management key of ours."""
    authenticating = METADATA, ASKED, REFUSED, ASKED, ANSWERED
    return (
        ayse.select,
        ayse.proof,
        METADATA,
        TELLS_9C,
        *authenticating,
        PUT_9C,
        READ_9C,
        SET_KEY,
        ASKED,
        PROVED,
    )


def number(*exchanges: Exchange, answer: Cryptogram = reversed_block) -> None:
    """A blank card is numbered, every command on the desk's allow-list."""
    numbering = piv_personalise.number(BLANK, bytes.fromhex(GUID), [answer])
    says(guard(OperationKind.PERSONALISE, numbering), *exchanges)


def make_keys(*exchanges: Exchange) -> dict[str, bytes]:
    """A key is made in 9C of the numbered card."""
    making = piv_personalise.make_keys(NUMBERED, {"9c": P256}, [reversed_block])
    return says(guard(OperationKind.PERSONALISE, making), *exchanges)


def write(ayse: PivScripts, *exchanges: Exchange) -> bool:
    """Ayşe's certificate is written, by the factory's key or by ours."""
    check = piv.ProofCheck(
        KeyAlgorithm.ECC_P256, ayse.challenge, lambda signature: signature == ayse.signature
    )
    same = piv.same_card(Identification("piv", GUID), check)
    writing = piv_personalise.write(same, CERTIFIED, KEY, ours=zeros, factory=reversed_block)
    return says(guard(OperationKind.PERSONALISE, writing), *exchanges)


def test_a_blank_card_has_no_number_and_nothing_in_its_slots(ayse: PivScripts) -> None:
    states = OPEN_PIN, OPEN_PUK, NO_KEY
    seen = says(piv_personalise.look(b"c"), ayse.select, NO_CHUID, ayse.serial, *states, *EMPTY)
    assert seen == BLANK
    assert seen.is_blank


def test_a_number_of_zeros_is_none(ayse: PivScripts) -> None:
    zeros_for_a_guid = (NO_CHUID[0], f"5312 3410{'00' * 16} 9000")
    states = OPEN_PIN, OPEN_PUK, NO_KEY
    looked = says(piv_personalise.look(b"c"), ayse.select, zeros_for_a_guid, ayse.serial, *states, *EMPTY)
    assert looked.is_blank


def test_a_card_with_somebody_s_certificate_is_not_blank(ayse: PivScripts) -> None:
    found = (EMPTY[0], READ_9C, EMPTY[2])
    seen = says(
        piv_personalise.look(ayse.challenge),
        *(ayse.select, NO_CHUID, ayse.serial, OPEN_PIN, OPEN_PUK, ayse.key_metadata, ayse.proof),
        *found,
    )
    assert seen.certificates == {"9c": certificate_hash(CERTIFICATE)}
    assert seen.proof is not None
    assert seen.proof.signature == bytes.fromhex(SIGNATURE)
    assert not seen.is_blank


def test_a_blank_card_is_numbered_its_guid_last(numbering: tuple[Exchange, ...]) -> None:
    number(*numbering)


def test_a_card_that_was_numbered_meanwhile_is_not_numbered_again(ayse: PivScripts) -> None:
    with pytest.raises(WrongCard):
        number(ayse.select, ayse.chuid)


def test_another_card_of_the_same_kind_is_not_numbered_in_its_place(ayse: PivScripts) -> None:
    with pytest.raises(WrongCard):
        number(ayse.select, NO_CHUID, ("00F8000000", "00BC5DF6 9000"))


def test_a_card_with_a_certificate_is_not_numbered(ayse: PivScripts) -> None:
    with pytest.raises(WrongCard):
        number(ayse.select, NO_CHUID, ayse.serial, EMPTY[0], READ_9C, EMPTY[2])


def test_a_card_with_another_management_key_is_not_written_to(ayse: PivScripts) -> None:
    refused = (ANSWERED[0], "6982")
    with pytest.raises(ManagementKeyRefused):
        number(ayse.select, NO_CHUID, ayse.serial, *EMPTY, METADATA, ASKED, refused)


def test_a_key_of_another_cipher_is_not_tried(ayse: PivScripts) -> None:
    def of_another_cipher(_algorithm: ManagementAlgorithm, _challenge: bytes) -> bytes:
        raise ManagementKeyRefused("of another cipher")

    with pytest.raises(ManagementKeyRefused):
        number(*(ayse.select, NO_CHUID, ayse.serial, *EMPTY, METADATA, ASKED), answer=of_another_cipher)


def test_keys_are_made_on_the_numbered_card_alone(ayse: PivScripts, making: tuple[Exchange, ...]) -> None:
    assert make_keys(*making) == {"9c": SPKI}
    with pytest.raises(WrongCard):
        make_keys(ayse.select, NO_CHUID)


def test_what_is_written_is_read_back_and_the_management_key_comes_last(
    ayse: PivScripts, writing: tuple[Exchange, ...]
) -> None:
    assert write(ayse, *writing) is True


def test_a_card_that_has_our_key_already_is_written_by_it_and_keeps_it(ayse: PivScripts) -> None:
    by_ours = METADATA, ASKED, PROVED
    assert write(ayse, ayse.select, ayse.proof, METADATA, TELLS_9C, *by_ours, PUT_9C, READ_9C) is True


def test_a_card_that_cannot_change_its_management_key_says_so(ayse: PivScripts) -> None:
    asked = [(f"0087{each}9B04 7C028100 00", "6A86") for each in ("0C",)]
    by_factory = *asked, ASKED, ASKED, REFUSED, ASKED, ANSWERED
    answer = (SET_KEY[0], "6D00")
    script = ayse.select, ayse.proof, NO_METADATA, NO_METADATA, *by_factory, PUT_9C, READ_9C, answer
    assert write(ayse, *script) is False


def test_a_key_that_is_not_the_certified_one_is_noticed_before_anything_is_written(ayse: PivScripts) -> None:
    other = ("00F7009C00", "6A88")
    with pytest.raises(NotAsWritten):
        write(ayse, ayse.select, ayse.proof, METADATA, other)


def test_another_card_under_the_same_number_is_not_written_to(ayse: PivScripts) -> None:
    with pytest.raises(WrongCard):
        write(ayse, ayse.select, (ayse.proof[0], f"7C0A8208{SIGNATURE[:-2]}03 9000"))


def test_torn_anywhere_no_command_follows(
    ayse: PivScripts,
    numbering: tuple[Exchange, ...],
    making: tuple[Exchange, ...],
    writing: tuple[Exchange, ...],
) -> None:
    for at in range(len(numbering)):
        with pytest.raises(TransportError):
            number(*torn(numbering, at))
    for at in range(len(making)):
        with pytest.raises(TransportError):
            make_keys(*torn(making, at))
    for at in range(len(writing)):
        with pytest.raises(TransportError):
            write(ayse, *torn(writing, at))
