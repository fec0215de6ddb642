"""Whose certificates are on a card, and what their authority says of them."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from kilitcoz_simulator import Authority, CardOrder, Holder, issue

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AUTHENTICATION = 0x9A


def a_card(name: str, authority: Authority | None = None):
    """As its issuer keeps it."""
    return issue(CardOrder(Holder(name)), now=NOW, authority=authority)


def serial_number(certificate: x509.Certificate) -> str:
    """The subject's."""
    return str(certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value)


def test_cards_of_one_authority_have_one_issuer_and_cards_of_none_their_own():
    authority = Authority(NOW)
    ayse, mehmet = a_card("Ayşe", authority), a_card("Mehmet", authority)
    stranger = a_card("Kerem")
    for card in (ayse, mehmet):
        card.certificates[AUTHENTICATION].verify_directly_issued_by(authority.certificate)
    assert stranger.issuer != authority.certificate


def test_a_status_list_has_what_was_taken_back_and_nothing_else():
    authority = Authority(NOW)
    ayse, mehmet = a_card("Ayşe", authority), a_card("Mehmet", authority)
    taken_back = ayse.certificates[AUTHENTICATION]
    listed = authority.status_list([taken_back])
    assert listed.is_signature_valid(authority.certificate.public_key())
    assert [each.serial_number for each in listed] == [taken_back.serial_number]
    assert len(mehmet.status_list) == 0


@pytest.mark.parametrize(
    ("id_number", "written"),
    [("10000000146", "PNOTR-10000000146"), ("TINTR-10000000146",) * 2, ("PASDE-C01X00T47",) * 2],
)
def test_an_identity_number_stands_in_the_subject_in_its_european_form(id_number, written):
    card = issue(CardOrder(Holder("Ayşe Yılmaz", id_number)), now=NOW)
    assert serial_number(card.certificates[AUTHENTICATION]) == written
