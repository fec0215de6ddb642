"""What an ATR promises about length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.atr import Atr, takes_extended_length
from kilitcoz_cards.errors import CardMalformed

YUBIKEY_5 = "3bfd1300008131fe158073c021c057597562694b657940"
YUBIKEY_4 = "3bf81300008131fe15597562696b657934d4"
YUBIKEY_NEO = "3bfc1300008131fe15597562696b65794e454f7233e1"
CHAINING_ONLY = "3b858001 8073c02180 00"


@pytest.mark.parametrize(
    ("atr", "extended"),
    [
        (YUBIKEY_5, True),
        (YUBIKEY_4, True),
        (YUBIKEY_NEO, False),
        (CHAINING_ONLY, False),
        ("3b00", False),
        ("3b6800000073c84013009000", False),  # category 00: 73 C8 40 13, then three status bytes
        ("3b6800000073c84053009000", True),
        ("3b8701 80 3180 73c021c0", True),  # another data object before the capabilities
        ("3b8301 80 3180", False),
    ],
)
def test_extended_length_is_what_the_card_says_or_is_known_for(atr: str, extended: bool) -> None:
    assert Atr.from_bytes(bytes.fromhex(atr)).takes_extended_length is extended
    assert takes_extended_length(bytes.fromhex(atr)) is extended


def test_the_historical_bytes_are_found_behind_the_interface_bytes() -> None:
    assert Atr.from_bytes(bytes.fromhex(YUBIKEY_4)).historical == b"Yubikey4"


@pytest.mark.parametrize("atr", ["", "3b", "9000", "3bfd13", "3b0811", "3bf0ffffff", "3b8081"])
def test_what_is_no_atr_is_refused_and_spoken_to_in_short_form(atr: str) -> None:
    with pytest.raises(CardMalformed):
        Atr.from_bytes(bytes.fromhex(atr))
    assert takes_extended_length(bytes.fromhex(atr)) is False


@given(st.binary(max_size=40))
def test_any_bytes_have_an_answer(raw: bytes) -> None:
    assert takes_extended_length(raw) in (True, False)


@given(st.binary(max_size=38))
def test_any_bytes_after_a_right_beginning_have_an_answer(raw: bytes) -> None:
    assert takes_extended_length(b"\x3b" + raw) in (True, False)
