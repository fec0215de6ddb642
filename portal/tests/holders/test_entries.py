"""What people enter, in the one form that is stored."""

from __future__ import annotations

import pytest

from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders.errors import (
    ApplicationInvalid,
    CardIdInvalid,
    EmailInvalid,
    IdNumberInvalid,
    NameInvalid,
    PhoneInvalid,
    SerialInvalid,
)
from kilitcoz_portal.holders.models import Holder


@pytest.mark.parametrize(
    ("entered", "stored", "kind"),
    [
        ("10000000146", "10000000146", Holder.IdKind.TCKN),
        (" 100 000 001 46 ", "10000000146", Holder.IdKind.TCKN),
        ("99000000042", "99000000042", Holder.IdKind.TCKN),  # a foreigner's number
        ("u12345678", "U12345678", Holder.IdKind.PASSPORT),
        ("AB 123456", "AB123456", Holder.IdKind.PASSPORT),
    ],
)
def test_an_id_number_is_a_tckn_or_a_passport(entered: str, stored: str, kind: Holder.IdKind) -> None:
    assert entries.id_number(entered) == (stored, kind)


@pytest.mark.parametrize(
    "entered",
    [
        "",
        "10000000147",
        "00000000000",
        "1000000014",
        "100000001466",
        "12345678",
        "ABCDEFGH",
        "U1234",
        "U12345678!",
        "٠١٢٣٤٥٦٧٨٩٠",
    ],
)
def test_what_is_neither_is_refused(entered: str) -> None:
    with pytest.raises(IdNumberInvalid):
        entries.id_number(entered)


@pytest.mark.parametrize(
    ("entered", "stored"),
    [
        ("0532 123 45 67", "+905321234567"),
        ("532 123 45 67", "+905321234567"),
        ("+90 (532) 123-45-67", "+905321234567"),
        ("00905321234567", "+905321234567"),
        ("+49 1512 3456789", "+4915123456789"),
    ],
)
def test_a_phone_is_e164_and_turkish_where_it_does_not_say(entered: str, stored: str) -> None:
    assert entries.phone(entered) == stored


@pytest.mark.parametrize("entered", ["", "123", "0532 123 45", "+90", "beş yüz otuz iki"])
def test_what_is_no_phone_is_refused(entered: str) -> None:
    with pytest.raises(PhoneInvalid):
        entries.phone(entered)


@pytest.mark.parametrize(
    ("entered", "stored"),
    [
        ("  Ayşe   Yılmaz ", "Ayşe Yılmaz"),
        ("Ays\u0327e", "Ayşe"),
        ("Jean-Luc O’Neil", "Jean-Luc O’Neil"),
        ("Ö. Çağ", "Ö. Çağ"),
    ],
)
def test_a_name_is_letters_in_their_composed_form(entered: str, stored: str) -> None:
    assert entries.name(entered) == stored


@pytest.mark.parametrize("entered", ["", " ", "123", "<b>Ayşe</b>", "Ayşe\x00", "A" * 121, "-Ayşe"])
def test_what_is_no_name_is_refused(entered: str) -> None:
    with pytest.raises(NameInvalid):
        entries.name(entered)


def test_a_card_id_is_a_guid_however_it_is_written() -> None:
    guid = "00112233445566778899aabbccddeeff"
    assert entries.card_id("piv", "00112233-4455-6677-8899-AABBCCDDEEFF") == guid
    for wrong in ("", guid[:-1], guid + "0", "g" * 32):
        with pytest.raises(CardIdInvalid):
            entries.card_id("piv", wrong)


def test_a_serial_is_digits_or_nothing() -> None:
    assert entries.serial(" 12344821 ") == "12344821"
    assert entries.serial("") == ""
    for wrong in ("12a", "1" * 21, "١٢٣"):
        with pytest.raises(SerialInvalid):
            entries.serial(wrong)


@pytest.mark.parametrize(
    ("entered", "stored"),
    [("", ""), (" Ayse.Y@Ornek.EXAMPLE ", "Ayse.Y@ornek.example"), ("a@b.example", "a@b.example")],
)
def test_an_email_address_keeps_its_local_part(entered: str, stored: str) -> None:
    assert entries.email(entered) == stored


@pytest.mark.parametrize(
    "entered",
    [
        "ayse",
        "ayse@",
        "@ornek.example",
        "a b@ornek.example",
        "a@b\nBcc: c@d.example",
        f"{'a' * 250}@b.example",
    ],
)
def test_what_is_no_address_is_refused(entered: str) -> None:
    with pytest.raises(EmailInvalid):
        entries.email(entered)


@pytest.mark.parametrize(
    ("entered", "stored"), [("", ""), (" 2026 / 0004711 ", "2026/0004711"), ("nes-7a", "NES-7A")]
)
def test_an_application_number_is_stored_in_one_form(entered: str, stored: str) -> None:
    assert entries.application_number(entered) == stored


@pytest.mark.parametrize("entered", ["başvuru", "12;34", "1" * 33])
def test_another_form_of_application_number_is_refused(entered: str) -> None:
    with pytest.raises(ApplicationInvalid):
        entries.application_number(entered)
