"""CHUID, certificates and metadata, as cards hold them."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.errors import CardMalformed, CardsError, UnknownCard
from kilitcoz_cards.families.piv_objects import (
    CERTIFICATES,
    MAX_CERTIFICATE,
    Chuid,
    card_key_in_metadata,
    certificate_of,
)
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.tlv import encode

GUID = bytes(range(16))
DER = bytes.fromhex("3003020107")


def _chuid(*members: bytes) -> bytes:
    return encode(0x53, b"".join(members))


def _certificate(stored: bytes, info: bytes = b"\x00") -> bytes:
    return encode(0x53, encode(0x70, stored) + encode(0x71, info) + encode(0xFE, b""))


def test_the_guid_is_found_among_the_chuid_s_members() -> None:
    raw = _chuid(
        encode(0xEE, b"\x00\x40"), encode(0x30, bytes(25)), encode(0x34, GUID), encode(0x3E, bytes(900))
    )
    assert Chuid.from_object(raw).guid == GUID


@pytest.mark.parametrize(
    "members", [b"", encode(0x30, bytes(25)), encode(0x34, b""), encode(0x34, bytes(16))]
)
def test_a_chuid_that_names_no_card_makes_it_unknown(members: bytes) -> None:
    with pytest.raises(UnknownCard):
        Chuid.from_object(_chuid(members))


def test_a_guid_of_another_length_or_cut_off_is_refused() -> None:
    raw = encode(0x53, encode(0x30, bytes(25)) + encode(0x34, GUID))
    for malformed in (encode(0x53, encode(0x34, b"short")), raw[:-1]):
        with pytest.raises(CardMalformed):
            Chuid.from_object(malformed)


@pytest.mark.parametrize("raw", [b"\x53", b"\x7c\x00", b"", b"\x53\x85"])
def test_what_is_no_chuid_names_no_card(raw: bytes) -> None:
    with pytest.raises(UnknownCard):
        Chuid.from_object(raw)


def test_a_certificate_is_read_as_it_is_stored() -> None:
    assert certificate_of(_certificate(DER)) == DER
    assert certificate_of(encode(0x53, encode(0x70, DER))) == DER


def test_a_gzipped_certificate_is_unzipped_by_its_certinfo_bit() -> None:
    assert certificate_of(_certificate(gzip.compress(DER), b"\x01")) == DER


def test_without_the_certinfo_bit_nothing_is_unzipped() -> None:
    zipped = gzip.compress(DER)
    assert certificate_of(_certificate(zipped)) == zipped


def test_an_empty_object_holds_no_certificate() -> None:
    assert certificate_of(encode(0x53, b"")) is None
    assert certificate_of(_certificate(b"")) is None


@pytest.mark.parametrize(
    "stored",
    [b"not gzip", gzip.compress(DER)[:-9], zlib.compress(DER), gzip.compress(bytes(MAX_CERTIFICATE + 1))],
    ids=["no gzip", "cut short", "zlib", "too long"],
)
def test_a_certificate_that_does_not_unzip_or_never_ends_is_refused(stored: bytes) -> None:
    with pytest.raises(CardMalformed):
        certificate_of(_certificate(stored, b"\x01"))


@given(st.binary(max_size=80))
def test_any_object_is_read_or_refused(raw: bytes) -> None:
    for read in (Chuid.from_object, certificate_of, card_key_in_metadata):
        try:
            read(raw)
        except CardsError:
            continue


@pytest.mark.parametrize(
    ("metadata", "algorithm"),
    [
        ("010111 02020101", KeyAlgorithm.ECC_P256),
        ("010114 02020001", KeyAlgorithm.ECC_P384),
        ("010107 02020101", KeyAlgorithm.RSA_2048),
        ("010105", KeyAlgorithm.RSA_3072),
        ("010106 02020101", None),  # RSA 1024
        ("0101E0 02020101", None),  # Ed25519
        ("010111 02020201", None),  # asks for the PIN once
        ("010111 02020102", None),  # asks for a touch
        ("", None),
    ],
)
def test_a_card_key_is_used_where_it_is_ours_and_asks_for_nothing(
    metadata: str, algorithm: KeyAlgorithm | None
) -> None:
    assert card_key_in_metadata(bytes.fromhex(metadata)) is algorithm


def test_each_slot_has_the_standard_s_object() -> None:
    named = {slot: CERTIFICATES[slot] for slot in ("9a", "9c", "9d", "9e", "82", "95")}
    assert named == {
        "9a": 0x5FC105,
        "9c": 0x5FC10A,
        "9d": 0x5FC10B,
        "9e": 0x5FC101,
        "82": 0x5FC10D,
        "95": 0x5FC120,
    }
    assert len(CERTIFICATES) == 24
