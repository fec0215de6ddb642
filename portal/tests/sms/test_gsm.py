"""What one SMS holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_portal.sms.gsm import MAX_SEPTETS, sendable, septets, shortened


def test_letters_of_the_default_alphabet_fill_one_septet() -> None:
    assert septets("Kod: 123456 @ç".removesuffix("ç")) == 13


@pytest.mark.parametrize("letter", "çğıİşŞĞ")
def test_letters_of_the_turkish_shift_fill_two(letter: str) -> None:
    assert septets(letter) == 2


@pytest.mark.parametrize("letter", "öüÖÜÇ")
def test_these_turkish_letters_are_in_the_default_alphabet(letter: str) -> None:
    assert septets(letter) == 1


def test_a_character_outside_both_tables_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U\+2026"):
        septets("…4821")


def test_typographic_marks_become_plain_and_turkish_letters_stay() -> None:
    assert sendable("“PIN’iniz” … ışığı â 漢") == '"PIN\'iniz" ... ışığı a ?'


@given(st.text())
def test_whatever_is_made_sendable_can_be_counted(text: str) -> None:
    assert septets(sendable(text)) >= len(sendable(text))


@given(st.text(alphabet="abcçğıİ ", max_size=80), st.integers(min_value=-5, max_value=MAX_SEPTETS))
def test_a_shortened_text_fits_its_room(text: str, room: int) -> None:
    cut = shortened(text, room)
    assert septets(cut) <= max(room, 0)
    assert text.startswith(cut.removesuffix(".")) or cut == ""
