"""APDUs and status words: the four cases in both length forms, and nothing of a secret in a repr."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import (
    EXTENDED_MAX_NE,
    SHORT_MAX_NE,
    SUCCESS,
    CommandApdu,
    ResponseApdu,
    StatusWord,
)

BYTE = st.integers(0, 255)
HEADER = st.tuples(BYTE, BYTE, BYTE, BYTE)


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        (CommandApdu(0x00, 0x20, 0x00, 0x80), "00200080"),
        (CommandApdu(0x00, 0xF8, 0x00, 0x00, ne=256), "00F8000000"),
        (CommandApdu(0x00, 0xB0, 0x00, 0x00, ne=5), "00B0000005"),
        (CommandApdu(0x00, 0x20, 0x00, 0x80, b"12"), "00200080023132"),
        (CommandApdu(0x00, 0xCB, 0x3F, 0xFF, b"\x5c\x00", 256), "00CB3FFF025C0000"),
    ],
)
def test_the_four_cases_of_a_short_command(command: CommandApdu, wire: str) -> None:
    assert command.to_bytes() == bytes.fromhex(wire)
    assert CommandApdu.from_bytes(bytes.fromhex(wire)) == command


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        (CommandApdu(0x00, 0x20, 0x00, 0x80), "00200080"),
        (CommandApdu(0x00, 0xCB, 0x3F, 0xFF, ne=EXTENDED_MAX_NE), "00CB3FFF000000"),
        (CommandApdu(0x00, 0x87, 0x07, 0x9E, b"ab"), "0087079E0000026162"),
        (CommandApdu(0x00, 0x87, 0x07, 0x9E, b"ab", 512), "0087079E00000261620200"),
    ],
)
def test_the_four_cases_of_an_extended_command(command: CommandApdu, wire: str) -> None:
    assert command.to_bytes(extended=True) == bytes.fromhex(wire)
    assert CommandApdu.from_bytes(bytes.fromhex(wire)) == command


@given(HEADER, st.binary(max_size=255), st.integers(0, SHORT_MAX_NE))
def test_every_short_command_is_read_back(header: tuple[int, ...], data: bytes, ne: int) -> None:
    command = CommandApdu(*header, data, ne)
    assert command.fits_short
    assert CommandApdu.from_bytes(command.to_bytes()) == command


@given(HEADER, st.binary(max_size=600), st.integers(0, EXTENDED_MAX_NE))
def test_every_extended_command_is_read_back(header: tuple[int, ...], data: bytes, ne: int) -> None:
    command = CommandApdu(*header, data, ne)
    assert CommandApdu.from_bytes(command.to_bytes(extended=True)) == command


@given(st.binary(max_size=40))
def test_what_is_read_is_a_command_or_refused(raw: bytes) -> None:
    try:
        command = CommandApdu.from_bytes(raw)
    except CardMalformed:
        return
    assert raw in (command.to_bytes(), command.to_bytes(extended=True))


@pytest.mark.parametrize("wire", ["", "002000", "002000800331", "0020008000000231", "0020008002313200FF"])
def test_a_command_whose_lengths_disagree_is_refused(wire: str) -> None:
    with pytest.raises(CardMalformed):
        CommandApdu.from_bytes(bytes.fromhex(wire))


def test_a_short_command_does_not_hold_256_bytes_of_data() -> None:
    with pytest.raises(ValueError, match="extended length or chaining"):
        CommandApdu(0, 0x87, 0, 0, bytes(256)).to_bytes()
    with pytest.raises(ValueError, match="extended length or chaining"):
        CommandApdu(0, 0xCB, 0, 0, ne=257).to_bytes()


def test_a_command_that_no_apdu_can_carry_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="header byte"):
        CommandApdu(256, 0, 0, 0)
    with pytest.raises(ValueError, match="too long"):
        CommandApdu(0, 0, 0, 0, bytes(65536))
    with pytest.raises(ValueError, match="too long"):
        CommandApdu(0, 0, 0, 0, ne=EXTENDED_MAX_NE + 1)


def test_the_data_of_a_command_is_in_no_repr() -> None:
    command = CommandApdu(0x00, 0x20, 0x00, 0x80, b"482913\xff\xff")
    assert repr(command) == "CommandApdu(00200080 Nc=8 Ne=0)"
    assert "482913" not in f"{command} {command!r} {[command]}"


def test_the_data_of_an_answer_is_in_no_repr() -> None:
    assert repr(ResponseApdu(b"gizli", SUCCESS)) == "ResponseApdu(Nr=5 9000)"


@given(st.binary(max_size=300), st.integers(0, 0xFFFF))
def test_every_answer_is_read_back(data: bytes, sw: int) -> None:
    response = ResponseApdu(data, StatusWord(sw))
    assert ResponseApdu.from_bytes(response.to_bytes()) == response


@pytest.mark.parametrize("raw", [b"", b"\x90"])
def test_an_answer_without_status_word_is_refused(raw: bytes) -> None:
    with pytest.raises(CardMalformed):
        ResponseApdu.from_bytes(raw)


def test_a_status_word_tells_the_tries_left_by_63cx_alone() -> None:
    assert StatusWord(0x63C2).retries_left == 2
    assert StatusWord(0x63C0).retries_left == 0
    assert StatusWord(0x6983).retries_left is None
    assert StatusWord(0x6300).retries_left is None


def test_a_status_word_is_two_bytes_and_four_digits() -> None:
    sw = StatusWord.from_hex("63C2")
    assert (sw.sw1, sw.sw2, sw.to_hex(), repr(sw)) == (0x63, 0xC2, "63C2", "StatusWord(63C2)")
    assert not sw.is_success
    assert SUCCESS.is_success
    with pytest.raises(ValueError, match="four hex digits"):
        StatusWord.from_hex("9000 ")
