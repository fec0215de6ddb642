"""The five faces of "blocked", one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.blocked import (
    BLOCKED,
    OPEN,
    READINGS,
    Face,
    of_gids_status,
    of_openpgp_status,
    of_piv_metadata,
    refuses,
    state_after,
)
from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_cards.pin import UNTOLD, PinState

METADATA = "0101FF 050100 0602{total:02X}{left:02X}"


def test_every_face_has_its_reading_and_there_are_five() -> None:
    assert set(READINGS) == set(Face)
    assert len(Face) == 5


@pytest.mark.parametrize(
    ("face", "sw"),
    [
        (Face.STATUS_6983, 0x6983),
        (Face.STATUS_63C0, 0x63C0),
        (Face.STATUS_6982, 0x6982),
        (Face.LAST_TRY, 0x6983),
    ],
)
def test_a_face_that_is_a_status_word_is_read_from_it(face: Face, sw: int) -> None:
    assert state_after(StatusWord(sw)) == READINGS[face].state


def test_only_63c0_says_that_the_last_value_was_looked_at_and_wrong() -> None:
    assert [face for face, reading in READINGS.items() if reading.refutes] == [Face.STATUS_63C0]


def test_6982_for_every_answer_tells_nothing() -> None:
    assert state_after(StatusWord(0x6982)) == UNTOLD
    assert not refuses(StatusWord(0x6982))


@pytest.mark.parametrize("left", range(1, 16))
def test_63cx_tells_the_tries_left(left: int) -> None:
    assert state_after(StatusWord(0x63C0 + left)) == PinState(blocked=False, retries_left=left)


def test_9000_tells_that_it_is_open_but_not_the_tries() -> None:
    assert state_after(StatusWord(0x9000)) == OPEN == PinState(blocked=False, retries_left=None)


@given(st.integers(0, 0xFFFF).filter(lambda sw: sw not in (0x9000, 0x6983) and sw & 0xFFF0 != 0x63C0))
def test_every_other_status_tells_nothing(sw: int) -> None:
    assert state_after(StatusWord(sw)) == UNTOLD
    assert not refuses(StatusWord(sw))


def test_what_refuses_a_secret_is_63cx_and_6983() -> None:
    assert refuses(StatusWord(0x63C2))
    assert refuses(StatusWord(0x63C0))
    assert refuses(StatusWord(0x6983))
    assert not refuses(StatusWord(0x9000))


@pytest.mark.parametrize(
    ("left", "state"), [(0, BLOCKED), (2, PinState(False, 2)), (200, PinState(False, 200))]
)
def test_piv_metadata_has_total_and_left(left: int, state: PinState) -> None:
    assert of_piv_metadata(bytes.fromhex(METADATA.format(total=255, left=left))) == state


def test_piv_metadata_without_tries_tell_nothing_and_with_half_of_them_are_refused() -> None:
    assert of_piv_metadata(bytes.fromhex("0101FF")) == UNTOLD
    with pytest.raises(CardMalformed):
        of_piv_metadata(bytes.fromhex("060103"))


def test_openpgp_c4_counts_three_references_in_its_last_bytes() -> None:
    states = of_openpgp_status(bytes.fromhex("007F7F7F000003"))
    assert states == {"pw1": BLOCKED, "rc": BLOCKED, "pw3": PinState(False, 3)}
    with pytest.raises(CardMalformed):
        of_openpgp_status(bytes(6))


@pytest.mark.parametrize("template", ["7F7106{}", "7F7306{}", "{}"])
@pytest.mark.parametrize(("left", "state"), [(0, BLOCKED), (3, PinState(False, 3))])
def test_gids_7f71_counts_by_97(template: str, left: int, state: PinState) -> None:
    assert of_gids_status(bytes.fromhex(template.format(f"9701{left:02X}930103"))) == state


def test_gids_of_old_cards_counts_by_9f17_and_may_tell_nothing() -> None:
    assert of_gids_status(bytes.fromhex("7F71079F1701029301 03")) == PinState(False, 2)
    assert of_gids_status(bytes.fromhex("7F7103930103")) == UNTOLD
