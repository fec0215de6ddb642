"""Whom a certificate names."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from portal.tests.pki import person

from kilitcoz_portal.trust.errors import CertificateNamesNobody
from kilitcoz_portal.trust.identity import IdKind, Number, name_of, number_of

AYSE = "10000000146"


@pytest.mark.parametrize("form", [f"TINTR-{AYSE}", f"PNOTR-{AYSE}", AYSE])
def test_a_tc_kimlik_no_is_found_in_each_of_its_forms(form: str) -> None:
    assert number_of(person(form)) == Number(AYSE, IdKind.TCKN, "TR")


def test_a_foreigners_number_is_a_tc_kimlik_no_too() -> None:
    assert number_of(person("PNOTR-99000000110")).kind is IdKind.TCKN


def test_a_passport_number_comes_with_its_country() -> None:
    assert number_of(person("PASDE-C01X00T47")) == Number("C01X00T47", IdKind.PASSPORT, "DE")


@pytest.mark.parametrize(
    "form",
    [
        "",
        "TINTR-10000000147",  # check digits
        "10000000147",
        "TINTR-1000000014",
        f"TINTR{AYSE}",
        f"tintr-{AYSE}",
        f"TINTR-{AYSE} ",
        f"TINDE-{AYSE}",  # another country's number
        f"IDCTR-{AYSE}",
        f"TINTR-{AYSE}\n",
        f"PASTR-{AYSE}",  # would be taken for a T.C. Kimlik No
        "PASTR-U1",
        "١٠٠٠٠٠٠٠١٤٦",
    ],
)
def test_any_other_form_names_nobody(form: str) -> None:
    subject = person(form or "x")
    if not form:
        subject = x509.Name([each for each in subject if each.oid != NameOID.SERIAL_NUMBER])
    with pytest.raises(CertificateNamesNobody):
        number_of(subject)


def test_bare_digits_are_a_tc_kimlik_no_only_in_a_turkish_subject() -> None:
    with pytest.raises(CertificateNamesNobody):
        number_of(person(AYSE, country="EE"))


def test_two_serial_numbers_name_nobody() -> None:
    other = x509.NameAttribute(NameOID.SERIAL_NUMBER, "TINTR-20000000046")
    with pytest.raises(CertificateNamesNobody):
        number_of(x509.Name([*person(), other]))


def test_names_keep_their_turkish_letters() -> None:
    assert name_of(person(name="İbrahim Şükrü Çağlayangil")) == "İbrahim Şükrü Çağlayangil"
    decomposed = "S\u0327u\u0308kru\u0308 Og\u0306uz"
    assert name_of(person(name=decomposed)) == "Şükrü Oğuz"


def test_without_given_name_and_surname_the_common_name_is_the_name() -> None:
    subject = x509.Name([each for each in person() if each.oid != NameOID.SURNAME])
    assert name_of(subject) == "Ayşe Yılmaz"


def test_a_subject_without_a_name_names_nobody() -> None:
    subject = x509.Name([each for each in person() if each.oid == NameOID.SERIAL_NUMBER])
    with pytest.raises(CertificateNamesNobody):
        name_of(subject)
