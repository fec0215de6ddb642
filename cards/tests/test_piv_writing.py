"""What is written to a PIV card: key pairs made on it, data objects, certificates read back."""

import pytest
from cards.tests.test_piv_management import says
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from kilitcoz_cards.errors import CardMalformed, NotAsWritten, UnexpectedStatus
from kilitcoz_cards.families.piv_objects import (
    CHUID,
    Chuid,
    ccc_object,
    certificate_object,
    certificate_of,
    chuid_object,
)
from kilitcoz_cards.families.piv_writing import generate_key, put_certificate, put_data, read_public_key
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.testing import Exchange
from kilitcoz_cards.tlv import encode

P256, P384, RSA = KeyAlgorithm.ECC_P256, KeyAlgorithm.ECC_P384, KeyAlgorithm.RSA_2048
KEYS = {
    P256: ec.generate_private_key(ec.SECP256R1()).public_key(),
    P384: ec.generate_private_key(ec.SECP384R1()).public_key(),
    RSA: rsa.generate_private_key(65537, 2048).public_key(),
}
IDENTIFIERS = {P256: "11", P384: "14", RSA: "07"}
CERTIFICATE = bytes.fromhex("300a0402abcd0404deadbeef")
PUT_9A = f"00DB3FFF1A 5C035FC105 5313 700C{CERTIFICATE.hex()} 710100 FE00"
GET_9A = "00CB3FFF05 5C035FC105 00"


def template(algorithm: KeyAlgorithm) -> bytes:
    """7F49's members of the key."""
    key = KEYS[algorithm]
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return encode(0x81, numbers.n.to_bytes(256, "big")) + encode(0x82, numbers.e.to_bytes(3, "big"))
    return encode(0x86, key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def answered(raw: bytes) -> list[str]:
    """An answer in short length: 256 bytes at a time."""
    parts = [raw[start : start + 256] for start in range(0, len(raw), 256)]
    left = [len(raw) - 256 * (place + 1) for place in range(len(parts))]
    ends = [f"61{min(rest, 255):02X}" if rest > 0 else "9000" for rest in left]
    return [part.hex() + end for part, end in zip(parts, ends, strict=True)]


def generating(algorithm: KeyAlgorithm, raw: bytes) -> list[Exchange]:
    """GENERATE in 9C, and its answer fetched to the end."""
    first, *more = answered(raw)
    fetched: list[Exchange] = [(f"00C00000{(len(raw) - 256):02X}", each) for each in more]
    return [(f"0047009C05 AC038001{IDENTIFIERS[algorithm]} 00", first), *fetched]


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_key_made_on_the_card_is_told_as_everybody_writes_public_keys(algorithm: KeyAlgorithm) -> None:
    raw = encode(0x7F49, template(algorithm))
    told = says(generate_key("9c", algorithm), *generating(algorithm, raw))
    assert load_der_public_key(told).public_numbers() == KEYS[algorithm].public_numbers()
    assert told == KEYS[algorithm].public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "members",
    [encode(0x86, b"\x04" + bytes(63)), encode(0x86, b"\x02" + bytes(64)), encode(0x81, bytes(256)), b""],
)
def test_what_is_no_key_of_the_kind_asked_for_is_not_taken(members: bytes) -> None:
    with pytest.raises(CardMalformed):
        says(generate_key("9c", P256), *generating(P256, encode(0x7F49, members)))


def test_a_modulus_of_another_length_is_not_taken() -> None:
    raw = encode(0x7F49, encode(0x81, b"\xff" * 128) + encode(0x82, b"\x01\x00\x01"))
    with pytest.raises(CardMalformed):
        says(generate_key("9c", RSA), *generating(RSA, raw))


def test_no_key_is_made_without_the_management_key() -> None:
    with pytest.raises(UnexpectedStatus, match="GENERATE ASYMMETRIC KEY PAIR answered 6982"):
        says(generate_key("9c", P256), ("0047009C05 AC03800111 00", "6982"))


def test_metadata_tell_the_key_that_is_in_a_slot() -> None:
    metadata = "010111 02020301 030101" + encode(0x04, template(P256)).hex()
    told = says(read_public_key("9c", P256), ("00F7009C00", f"{metadata} 9000"))
    assert told == KEYS[P256].public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert says(read_public_key("9c", P256), ("00F7009C00", "6A88")) is None


def test_an_object_is_put_in_its_place() -> None:
    says(put_data(CHUID, b"\x01\x02"), ("00DB3FFF09 5C035FC102 53020102", "9000"))
    with pytest.raises(UnexpectedStatus, match="PUT DATA answered 6A84"):
        says(put_data(CHUID, b"\x01\x02"), ("00DB3FFF09 5C035FC102 53020102", "6A84"))


def test_a_long_object_goes_in_a_chain_of_commands() -> None:
    data = bytes.fromhex("5C035FC10253820100") + bytes(256)
    says(
        put_data(CHUID, bytes(256)),
        (f"10DB3FFFFF{data[:255].hex()}", "9000"),
        (f"00DB3FFF{len(data) - 255:02X}{data[255:].hex()}", "9000"),
    )


def test_a_certificate_is_read_back_and_compared() -> None:
    says(
        put_certificate("9a", CERTIFICATE),
        (PUT_9A, "9000"),
        (GET_9A, f"5313 700C{CERTIFICATE.hex()} 710100 FE00 9000"),
    )


@pytest.mark.parametrize(
    "read_back", ["6A82", "5300 9000", "5313 700C300a0402abcd0404deadbee0 710100 FE00 9000"]
)
def test_another_certificate_than_was_written_is_noticed(read_back: str) -> None:
    with pytest.raises(NotAsWritten, match="9a"):
        says(put_certificate("9a", CERTIFICATE), (PUT_9A, "9000"), (GET_9A, read_back))


def test_the_objects_that_we_write_are_those_that_we_read() -> None:
    guid = bytes(range(1, 17))
    assert Chuid.from_object(encode(0x53, chuid_object(guid))).guid == guid
    assert certificate_of(encode(0x53, certificate_object(CERTIFICATE))) == CERTIFICATE
    assert len(ccc_object(guid)) == 51


@pytest.mark.parametrize("guid", [bytes(16), b"\x01" * 15])
def test_a_card_is_given_no_number_that_does_not_tell_it_from_others(guid: bytes) -> None:
    with pytest.raises(ValueError, match="GUID"):
        chuid_object(guid)
