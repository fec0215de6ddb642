"""The key ceremony, and the root's list: the root's key leaves the house and comes back for that alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from portal.tests.ca.authority import NOW, ORGANISATION_ID

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.ca.errors import AuthorityExists, RootKeyRefused
from kilitcoz_portal.ca.models import Authority

PASSPHRASE = "uzun bir parola cümlesi"
LATER = NOW + timedelta(days=300)

pytestmark = pytest.mark.django_db


def test_the_roots_key_is_in_its_file_alone_and_encrypted(founded: Authority, installation: Path) -> None:
    pem = (installation / "kok.pem").read_bytes()
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert (installation / "kok.pem").stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in (installation / "ca").iterdir()) == ["nes-ocsp.key", "nes.key"]


def test_a_second_ceremony_of_this_name_is_refused(founded: Authority, installation: Path) -> None:
    with pytest.raises(AuthorityExists):
        ceremony.found(Founding("nes", "Örnek", ORGANISATION_ID, installation / "2.pem", PASSPHRASE), NOW)
    assert not (installation / "2.pem").exists()


def test_a_roots_key_is_never_overwritten(installation: Path) -> None:
    (installation / "kok.pem").write_bytes(b"another root's key")
    with pytest.raises(FileExistsError):
        ceremony.found(Founding("nes", "Örnek", ORGANISATION_ID, installation / "kok.pem", PASSPHRASE), NOW)
    assert (installation / "kok.pem").read_bytes() == b"another root's key"
    assert not Authority.objects.exists()
    assert not (installation / "ca").exists()


def test_the_roots_next_list_is_signed_with_the_key_from_the_safe(
    founded: Authority, installation: Path
) -> None:
    pem = (installation / "kok.pem").read_bytes()
    assert ceremony.renew_root_list(pem, PASSPHRASE, LATER) == LATER + ceremony.LIST_LIFE
    founded.refresh_from_db()
    listed = x509.load_der_x509_crl(bytes(founded.root_list))
    root = x509.load_der_x509_certificate(bytes(founded.root)).public_key()
    assert isinstance(root, ec.EllipticCurvePublicKey)
    assert listed.is_signature_valid(root)
    assert listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 2


def test_another_passphrase_or_key_is_refused(founded: Authority, installation: Path) -> None:
    pem = (installation / "kok.pem").read_bytes()
    with pytest.raises(RootKeyRefused):
        ceremony.renew_root_list(pem, "yanlış bir parola cümlesi", LATER)
    stranger = ec.generate_private_key(ec.SECP384R1())
    encryption = BestAvailableEncryption(PASSPHRASE.encode())
    other = stranger.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    for raw in (other, b"no key at all"):
        with pytest.raises(RootKeyRefused):
            ceremony.renew_root_list(raw, PASSPHRASE, LATER)
