"""BER-TLV: what is written is read back, and what is cut off, left over or endless is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards import tlv
from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.tlv import Tlv

LOW = st.integers(0x01, 0xFF).filter(lambda tag: tag & 0x1F != 0x1F)
HIGH = st.tuples(st.sampled_from([0x1F, 0x3F, 0x5F, 0x7F, 0x9F]), st.integers(0x00, 0x7F)).map(
    lambda pair: pair[0] << 8 | pair[1]
)
TAGS = LOW | HIGH | st.just(0x5FC102)


@given(st.lists(st.builds(Tlv, TAGS, st.binary(max_size=300)), max_size=5))
def test_what_is_encoded_is_parsed_again(objects: list[Tlv]) -> None:
    assert tlv.parse(tlv.encode_all(objects)) == objects


@given(st.binary(max_size=60))
def test_any_bytes_are_parsed_or_refused(raw: bytes) -> None:
    try:
        objects = tlv.parse(raw)
    except CardMalformed:
        return
    assert sum(len(each.value) for each in objects) < len(raw) or not raw


@given(TAGS, st.binary(max_size=300), st.data())
def test_an_object_that_is_cut_off_is_refused(tag: int, value: bytes, data: st.DataObject) -> None:
    raw = tlv.encode(tag, value)
    cut = data.draw(st.integers(1, len(raw) - 1))
    with pytest.raises(CardMalformed):
        tlv.parse(raw[:cut])


@pytest.mark.parametrize(
    ("length", "field"), [(0, "00"), (127, "7f"), (128, "8180"), (256, "820100"), (65536, "83010000")]
)
def test_lengths_are_written_in_their_shortest_form(length: int, field: str) -> None:
    raw = tlv.encode(0x53, bytes(length))
    assert raw[1 : 1 + len(field) // 2].hex() == field


@pytest.mark.parametrize("raw", ["5380", "53850000000001", "5f", "5fff", "1f81818101", "53"])
def test_endless_indefinite_and_oversized_fields_are_refused(raw: str) -> None:
    with pytest.raises(CardMalformed):
        tlv.parse(bytes.fromhex(raw))


def test_a_value_is_found_by_its_path() -> None:
    raw = tlv.encode(0x53, tlv.encode(0x34, b"guid") + tlv.encode(0xFE, b""))
    assert tlv.find(raw, 0x53, 0x34) == b"guid"
    assert tlv.find(raw, 0x53, 0xFE) == b""
    assert tlv.find(raw, 0x53, 0x30) is None
    assert tlv.find(raw, 0x7C, 0x34) is None


def test_in_a_cut_off_object_is_found_what_lies_before_the_cut() -> None:
    raw = tlv.encode(0x53, tlv.encode(0x34, b"guid") + tlv.encode(0x3E, bytes(300)))[:100]
    assert tlv.find_in_prefix(raw, 0x53, 0x34) == b"guid"
    assert tlv.find_in_prefix(raw, 0x53, 0xFE) is None
    assert tlv.find_in_prefix(raw, 0x53, 0x3E) == bytes(100 - 14)
    assert tlv.find_in_prefix(raw, 0x7C, 0x34) is None
    assert tlv.find_in_prefix(b"\x53\x05\x5f", 0x53, 0x34) is None


@given(st.binary(max_size=60))
def test_what_is_found_in_a_whole_object_is_found_in_it_as_a_prefix(raw: bytes) -> None:
    try:
        found = tlv.find(raw, 0x53)
    except CardMalformed:
        return
    assert tlv.find_in_prefix(raw, 0x53) == found


def test_a_value_that_must_be_there_is_missed_by_name() -> None:
    with pytest.raises(CardMalformed, match="53/30"):
        tlv.require(tlv.encode(0x53, b""), 0x53, 0x30)


def test_values_are_in_no_repr() -> None:
    assert repr(Tlv(0x80, b"gizli")) == "Tlv(80, 5 bytes)"
