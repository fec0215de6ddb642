"""What lies between a conversation and a card: chaining both ways, 6Cxx, and answers that never come."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.conversation import Conversation, converse, exchange
from kilitcoz_cards.errors import CardMalformed, TransportError
from kilitcoz_cards.iso7816 import EXTENDED_MAX_NE, CommandApdu, ResponseApdu, StatusWord
from kilitcoz_cards.testing import LOST, Script


def one(command: CommandApdu) -> Conversation[ResponseApdu]:
    """Ask, and return the answer."""
    return (yield command)


def test_an_answer_in_pieces_is_fetched_and_put_together() -> None:
    script = Script(
        ("00CB3FFF055C035FC10200", "AABB 6102"),
        ("00C0000002", "CCDD 6101"),
        ("00C0000001", "EE 9000"),
    )
    response = converse(one(CommandApdu(0, 0xCB, 0x3F, 0xFF, bytes.fromhex("5c035fc102"), 256)), script)
    assert response == ResponseApdu(bytes.fromhex("aabbccddee"), StatusWord(0x9000))
    script.assert_finished()


def test_6100_fetches_256_bytes() -> None:
    script = Script(("00CB3FFF00", "6100"), ("00C0000000", "AA9000"))
    assert exchange(CommandApdu(0, 0xCB, 0x3F, 0xFF, ne=256), script).data == b"\xaa"


def test_no_more_is_fetched_than_was_asked_for() -> None:
    script = Script(("00CB3FFF00", bytes(256).hex() + "6100"))
    response = exchange(CommandApdu(0, 0xCB, 0x3F, 0xFF, ne=256), script)
    assert response == ResponseApdu(bytes(256), StatusWord(0x9000))


def test_an_answer_nobody_asked_for_is_fetched_for_its_status() -> None:
    script = Script(("0020008008343832393133FFFF", "6101"), ("00C0000001", "AA9000"))
    assert exchange(CommandApdu(0, 0x20, 0, 0x80, b"482913\xff\xff"), script).sw.is_success


def test_a_wrong_le_is_repeated_once_with_the_le_the_card_names() -> None:
    script = Script(("00F8000000", "6C04"), ("00F8000004", "00BC5DF5 9000"))
    assert exchange(CommandApdu(0, 0xF8, 0, 0, ne=256), script).data == bytes.fromhex("00bc5df5")
    script.assert_finished()


def test_a_card_that_keeps_saying_6cxx_is_asked_no_third_time() -> None:
    script = Script(("00F8000000", "6C04"), ("00F8000004", "6C05"))
    assert exchange(CommandApdu(0, 0xF8, 0, 0, ne=256), script).sw == 0x6C05


def test_a_command_without_le_is_never_repeated() -> None:
    script = Script(("0020008008343832393133FFFF", "6C04"))
    assert exchange(CommandApdu(0, 0x20, 0, 0x80, b"482913\xff\xff"), script).sw == 0x6C04
    script.assert_finished()


def test_long_data_are_chained_where_the_card_takes_short_commands_only() -> None:
    data = bytes(range(256)) + b"end"
    script = Script(
        ("1087079EFF" + data[:255].hex(), "9000"),
        ("0087079E04" + data[255:].hex() + "00", "AA9000"),
    )
    assert exchange(CommandApdu(0, 0x87, 0x07, 0x9E, data, 512), script).data == b"\xaa"
    script.assert_finished()


def test_a_chain_the_card_refuses_is_not_finished() -> None:
    script = Script(("1087079EFF" + bytes(255).hex(), "6884"))
    assert exchange(CommandApdu(0, 0x87, 0x07, 0x9E, bytes(300)), script).sw == 0x6884
    script.assert_finished()


def test_long_data_go_in_one_command_where_the_card_takes_extended_length() -> None:
    script = Script(("0087079E00012C" + bytes(300).hex() + "0200", "9000"))
    exchange(CommandApdu(0, 0x87, 0x07, 0x9E, bytes(300), 512), script, extended=True)
    script.assert_finished()


def test_a_command_that_fits_is_short_even_where_extended_length_is_taken() -> None:
    script = Script(("00A4040005A00000030800", "9000"))
    exchange(CommandApdu(0, 0xA4, 4, 0, bytes.fromhex("a000000308"), 256), script, extended=True)


def test_all_there_is_means_256_at_a_time_in_short_form() -> None:
    script = Script(("00CB3FFF00", "9000"))
    exchange(CommandApdu(0, 0xCB, 0x3F, 0xFF, ne=EXTENDED_MAX_NE), script)
    script = Script(("00CB3FFF000000", "9000"))
    exchange(CommandApdu(0, 0xCB, 0x3F, 0xFF, ne=EXTENDED_MAX_NE), script, extended=True)


def test_the_class_byte_of_get_response_is_the_command_s() -> None:
    script = Script(("01CB3FFF00", "6101"), ("01C0000001", "AA9000"))
    exchange(CommandApdu(1, 0xCB, 0x3F, 0xFF, ne=256), script)


@pytest.mark.parametrize("piece", [b"", bytes(256)])
def test_an_answer_without_end_is_refused(piece: bytes) -> None:
    def endless(_: bytes) -> bytes:
        return piece + b"\x61\x00"

    with pytest.raises(CardMalformed):
        exchange(CommandApdu(0, 0xCB, 0x3F, 0xFF, ne=0 if piece else 256), endless)


@given(st.binary(max_size=1200), st.binary(max_size=1200), st.integers(1, 256), st.booleans())
def test_whatever_is_said_and_answered_arrives_whole(
    data: bytes, answer: bytes, piece: int, extended: bool
) -> None:
    card = _ChainingCard(answer, piece)
    command = CommandApdu(0, 0x87, 0x11, 0x9E, data, EXTENDED_MAX_NE)
    response = exchange(command, card, extended=extended)
    assert card.received == data
    assert response == ResponseApdu(answer, StatusWord(0x9000))


class _ChainingCard:
    """Takes chained commands, answers in pieces of one size."""

    def __init__(self, answer: bytes, piece: int) -> None:
        self.received = b""
        self._answer = answer
        self._piece = piece

    def __call__(self, raw: bytes) -> bytes:
        command = CommandApdu.from_bytes(raw)
        if command.ins != 0xC0:
            self.received += command.data
        if command.cla & 0x10:
            return b"\x90\x00"
        room = min(self._piece, command.ne)
        part, self._answer = self._answer[:room], self._answer[room:]
        left = min(len(self._answer), 256)
        return part + (bytes((0x61, left % 256)) if left else b"\x90\x00")


def _noting(seen: list[str]) -> Conversation[str]:
    try:
        yield CommandApdu(0, 0x20, 0, 0x80, b"482913\xff\xff")
    except TransportError as lost:
        seen.append(lost.code)
    except CardMalformed as malformed:
        seen.append(malformed.code)
    return "report"


def _half_an_answer(_: bytes) -> bytes:
    return b"\x90"


@pytest.mark.parametrize(
    ("transport", "code"),
    [(Script(("0020008008343832393133FFFF", LOST)), "card-lost"), (_half_an_answer, "card-malformed")],
)
def test_no_answer_goes_into_the_conversation_which_still_reports(
    transport: Callable[[bytes], bytes], code: str
) -> None:
    seen: list[str] = []
    assert converse(_noting(seen), transport) == "report"
    assert seen == [code]


def test_an_answer_lost_in_the_middle_of_a_chain_is_no_answer() -> None:
    script = Script(("1087079EFF" + bytes(255).hex(), LOST))
    with pytest.raises(TransportError):
        converse(one(CommandApdu(0, 0x87, 0x07, 0x9E, bytes(300))), script)


def test_what_the_conversation_does_not_handle_is_raised() -> None:
    with pytest.raises(TransportError):
        converse(one(CommandApdu(0, 0x20, 0, 0x80)), Script(("00200080", LOST)))


def test_a_conversation_that_says_nothing_has_a_result_too() -> None:
    def silent() -> Conversation[int]:
        return 4821
        yield

    assert converse(silent(), Script()) == 4821
