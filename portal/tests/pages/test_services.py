"""Figure 6 and what it leads to: certificates, PIN and PUK, and honest notices."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW, card_of

from kilitcoz_portal.holders.models import Card, CardCertificate, Holder

pytestmark = pytest.mark.django_db


def certificate(days: int) -> bytes:
    """Ayşe's, valid until `days` after now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ayşe Yılmaz")])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Örnek Alt Kök")])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).serial_number(0xAB12)
    builder = builder.not_valid_before(NOW - timedelta(days=900)).not_valid_after(NOW + timedelta(days=days))
    return builder.public_key(key.public_key()).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.fixture
def card(ayse: Holder) -> Card:
    """Her blocked card."""
    return card_of(ayse)


@pytest.fixture
def inside(walker: Walker, card: Card) -> Walker:
    """Signed in."""
    walker.sign_in()
    return walker


def test_figure_6_has_the_manuals_buttons(inside: Walker) -> None:
    page = inside.get("/islemler").content.decode()
    for name in (
        "Kullanıma Aç",
        "Sertifikamı İptal Et",
        "Sertifika Listele",
        "PIN / PUK Bilgisi",
        "Kilit Çözme (Akıllı Kart Servisi)",
        "Kişisel Bilgilerimi Güncelle",
    ):
        assert f">{name}</button>" in page
    assert ">E-Onay</a>" in page
    assert ">E-Onay</button>" in page


def test_certificates_are_listed_in_plain_words(inside: Walker, card: Card) -> None:
    for slot, days in (("9c", 3000), ("9a", -1)):
        CardCertificate.objects.create(card=card, slot=slot, der=certificate(days), sha256="")
    page = inside.get("/islemler/sertifikalar").content.decode()
    assert "Kart …4821" in page
    assert "<strong>İmza</strong>" in page
    assert "<strong>Kimlik doğrulama</strong>" in page
    assert "Ayşe Yılmaz" in page
    assert "AB12" in page
    assert page.count("(süresi dolmuş)") == 1


def test_a_card_without_certificates_says_so(inside: Walker) -> None:
    assert "Bu kart için kayıtlı sertifika yok." in inside.get("/islemler/sertifikalar").content.decode()


def test_another_holders_card_is_shown_to_nobody_else(inside: Walker, mehmet: Holder) -> None:
    card_of(mehmet, serial="77777777")
    for path in ("/islemler/sertifikalar", "/islemler/pin-puk", "/islemler/kilit-cozme"):
        assert "7777" not in inside.get(path).content.decode()
