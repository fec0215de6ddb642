"""The octets of a text, read back as a phone reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal.tests.sms.smpp.telephone import DEFAULT, TURKISH, shown

from kilitcoz_portal.sms.gsm import MAX_SEPTETS, septets
from kilitcoz_portal.sms.smpp.alphabets import GSM, UCS2, Alphabet, segments
from kilitcoz_portal.sms.texts import login_text

TURKISH_TEXT = "Işıklı Çağdaş: giriş kodunuz 123456. Şifreyi {kimseye} söylemeyin, İğne!"


def read_back(text: str, alphabet: Alphabet) -> str:
    """What the phone shows of all parts together, in whatever order they come."""
    parts = segments(text, alphabet, 201)
    seen = [shown(part.data_coding, 0x40 if part.has_header else 0, part.octets) for part in parts]
    if len(parts) == 1:
        assert seen[0][1] is None
        return seen[0][0]
    assert [of for _, of in seen] == [(201, len(parts), number + 1) for number in range(len(parts))]
    return "".join(text for text, _ in seen)


@pytest.mark.parametrize("alphabet", [Alphabet.TURKISH, Alphabet.UCS2])
def test_the_phone_shows_the_very_turkish_text(alphabet: Alphabet) -> None:
    assert read_back(TURKISH_TEXT, alphabet) == TURKISH_TEXT


def test_without_marks_it_stays_readable_and_in_the_default_alphabet() -> None:
    (segment,) = segments(TURKISH_TEXT, Alphabet.PLAIN, 0)
    assert not segment.has_header
    assert read_back(TURKISH_TEXT, Alphabet.PLAIN) == (
        "Isikli Çagdas: giris kodunuz 123456. Sifreyi {kimseye} söylemeyin, Igne!"
    )


def test_a_text_without_turkish_letters_of_its_own_needs_no_header() -> None:
    for alphabet in Alphabet:
        (segment,) = segments("Kodunuz: 123456 [öüÖÜÇ] €", alphabet, 0)
        assert (segment.data_coding, segment.has_header) == (GSM, False)


def test_the_header_says_single_shift_turkish() -> None:
    (segment,) = segments("ğ", Alphabet.TURKISH, 0)
    assert segment.octets == bytes.fromhex("03 24 01 01  1b 67")


def test_what_no_table_has_goes_by_ucs2_and_a_surrogate_pair_stays_whole() -> None:
    assert segments("漢", Alphabet.TURKISH, 0)[0].data_coding == UCS2
    assert read_back("a" + "😀" * 100, Alphabet.TURKISH) == "a" + "😀" * 100


@pytest.mark.parametrize(
    ("text", "alphabet", "parts"),
    [
        ("a" * 160, Alphabet.TURKISH, 1),
        ("a" * 161, Alphabet.TURKISH, 2),
        ("a" * 306, Alphabet.TURKISH, 2),
        ("a" * 307, Alphabet.TURKISH, 3),
        ("ğ" + "a" * 153, Alphabet.TURKISH, 1),
        ("ğ" + "a" * 154, Alphabet.TURKISH, 2),
        ("ğ" + "a" * 296, Alphabet.TURKISH, 2),
        ("ğ" + "a" * 297, Alphabet.TURKISH, 3),
        ("ğ" + "a" * 69, Alphabet.UCS2, 1),
        ("ğ" + "a" * 70, Alphabet.UCS2, 2),
        ("ğ" + "a" * 133, Alphabet.UCS2, 2),
        ("ğ" + "a" * 134, Alphabet.UCS2, 3),
    ],
)
def test_a_text_takes_as_few_messages_as_the_standard_allows(
    text: str, alphabet: Alphabet, parts: int
) -> None:
    assert len(segments(text, alphabet, 0)) == parts
    assert read_back(text, alphabet) == text


@given(st.text(alphabet=DEFAULT.replace("\x1b", "") + "".join(TURKISH.values()), min_size=1, max_size=700))
def test_any_text_is_read_back_and_no_escape_is_cut(text: str) -> None:
    for alphabet in (Alphabet.TURKISH, Alphabet.UCS2):
        assert read_back(text, alphabet) == text


@given(st.text(alphabet="abcçğıİşŞĞ[]€ \n", max_size=160))
def test_what_our_texts_count_as_one_message_is_one(text: str) -> None:
    if 0 < septets(text) <= MAX_SEPTETS:
        assert len(segments(text, Alphabet.TURKISH, 0)) == 1


def test_a_codes_text_is_one_message() -> None:
    text = login_text("123456", language="tr")
    assert len(segments(text, Alphabet.TURKISH, 0)) == 1
    assert read_back(text, Alphabet.TURKISH) == text
