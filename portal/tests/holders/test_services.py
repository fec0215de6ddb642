"""Enrolling holders and cards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from portal.tests import cast
from portal.tests.cast import NOW
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import queries, services
from kilitcoz_portal.holders.errors import (
    CardExists,
    CertificateInvalid,
    EntryError,
    FamilyUnknown,
    HolderExists,
    HolderUnknown,
)
from kilitcoz_portal.holders.models import Card, CardCertificate, Holder
from kilitcoz_portal.holders.services import CardEntry, HolderEntry

pytestmark = ON_BOTH

AYSE = HolderEntry("10000000146", "Ayşe Yılmaz", "0532 123 45 67", "kiraz bahçesi")
GUID = "00112233445566778899aabbccddeeff"


def test_a_holder_is_enrolled_once_with_the_word_hashed() -> None:
    added = services.add_holder(AYSE, NOW)
    stored = Holder.objects.get()
    assert (stored.pk, stored.phone, stored.name) == (added.pk, "+905321234567", "Ayşe Yılmaz")
    assert "kiraz" not in str(Holder.objects.values())
    with pytest.raises(HolderExists):
        services.add_holder(AYSE, NOW)
    assert AuditEvent.objects.get().event == "holder-added"


def test_a_holder_is_found_however_the_number_is_typed() -> None:
    holder = cast.ayse()
    assert queries.by_id_number(" 100 0000 0146") == holder
    assert queries.by_id_number("10000000147") is None
    assert queries.holder(holder.pk) == holder


def test_a_card_is_enrolled_with_its_certificates_and_the_key_of_9e() -> None:
    issued = cast.issued("Ayşe Yılmaz")
    enrolled = cast.card_of(cast.ayse())
    card = Card.objects.get()
    assert (card.ref, card.label) == (f"piv:{issued.guid}", "…4821")
    assert sorted(CardCertificate.objects.values_list("slot", flat=True)) == ["9a", "9c", "9e"]
    assert card.card_auth_key is not None
    assert queries.cards_of(enrolled.holder.pk) == [card]
    assert queries.by_ref(card.ref) == card


def test_a40_a_card_is_only_found_through_its_own_holder() -> None:
    enrolled = cast.card_of(cast.ayse())
    assert queries.card_of(enrolled.holder.pk, enrolled.card.pk) == enrolled.card
    assert queries.card_of(cast.mehmet().pk, enrolled.card.pk) is None


def test_a_card_belongs_to_one_holder() -> None:
    enrolled = cast.card_of(cast.ayse())
    other = cast.mehmet()
    with pytest.raises(CardExists):
        services.add_card(CardEntry(other.id_number, "piv", enrolled.card.card_id), NOW)


def _foreign_9e() -> bytes:
    """A certificate of a key that no PIV card has in 9E."""
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), 1, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )
    return builder.sign(key, None).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (CardEntry("10000000146", "openpgp", GUID), FamilyUnknown),
        (CardEntry("20000000046", "piv", GUID), HolderUnknown),
        (CardEntry("10000000146", "piv", GUID, certificates={"9e": b"no certificate"}), CertificateInvalid),
        (CardEntry("10000000146", "piv", GUID, certificates={"zz": b""}), CertificateInvalid),
        (CardEntry("10000000146", "piv", GUID, certificates={"9e": _foreign_9e()}), CertificateInvalid),
    ],
)
def test_a_card_that_cannot_be_is_refused_and_nothing_is_kept(
    entry: CardEntry, error: type[EntryError]
) -> None:
    cast.ayse()
    with pytest.raises(error):
        services.add_card(entry, NOW)
    assert Card.objects.count() == 0
