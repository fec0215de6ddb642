"""A token signs in whom its certificate names, if its key signed this origin and this nonce."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from portal.tests import people, pki
from portal.tests.pki import NOW, Credential, TrustFolder
from pytest_django.fixtures import Settings

from kilitcoz_portal.holders.models import CardCertificate, Holder
from kilitcoz_portal.signin import card_login
from kilitcoz_portal.signin.errors import (
    CertificateNotEnrolled,
    HolderNotKnown,
    LoginAlgorithmRefused,
    LoginSignatureWrong,
)
from kilitcoz_portal.trust.errors import CertificateMalformed, CertificateNotTrusted
from kilitcoz_portal.trust.services import Identity

ORIGIN, NONCE = "https://kilit.example", "bm9uY2Utb2YtdGhpcy1sb2dpbi0wMTIzNDU2Nzg5MDEyMw"
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
WEB_EID_NONCE = "12345678123456781234567812345678912356789123"
WEB_EID_KEY = (
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEP7vvSJ3Gq1aYKwAjemkYFIk/ZVgvR+5ZZ8aBF3vMaAiPfNjHfGLibFX0XXhuY8FX"
    "13tDeipByxUQEbKbLfKpwAlC5KhTWrfyo/l0cCdlADXidxpeVwa/rZyzbg3/1Ike"
)
WEB_EID_SIGNATURE = (
    "tbMTrZD4CKUj6atjNCHZruIeyPFAEJk2htziQ1t08BSTyA5wKKqmNmzsJ7562hWQ6+tJd6nlidHGE5jVVJRKmPtNv3f9gbT2"
    "b7RXcD4t5Pjn8eUCBCA4IX99Af32Z5ln"
)
KEYS: dict[str, pki.PrivateKey] = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "RSA": rsa.generate_private_key(65537, 2048),
}


@dataclass(frozen=True)
class Token:
    """What a card service hands over."""

    unverified_certificate: bytes
    algorithm: str
    signature: bytes


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Credential:
    """The one authority that is believed."""
    settings.KILITCOZ_TRUST_DIR, settings.KILITCOZ_TRUST_FETCH = tmp_path / "trust", False
    made = pki.root()
    folder = TrustFolder(tmp_path / "trust")
    folder.anchor(made)
    folder.crl(made.crl())
    return made


def key_for(algorithm: str) -> pki.PrivateKey:
    """A key that fits."""
    return KEYS.get(algorithm, KEYS["RSA"])


def signed(credential: Credential, algorithm: str, *, origin: str = ORIGIN, nonce: str = NONCE) -> Token:
    """As a card and its service make it."""
    data = card_login.signed_bytes(algorithm, origin=origin, nonce=nonce)
    by, key = HASHES[algorithm[2:]], credential.key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        length = (key.key_size + 7) // 8
        numbers = decode_dss_signature(key.sign(data, ec.ECDSA(by)))
        return Token(credential.der, algorithm, b"".join(each.to_bytes(length, "big") for each in numbers))
    assert isinstance(key, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(by), by.digest_size) if algorithm[0] == "P" else padding.PKCS1v15()
    return Token(credential.der, algorithm, key.sign(data, scheme, by))


def verify(token: Token) -> Identity:
    """For the origin and the nonce of this login."""
    return card_login.verify(token, nonce=NONCE, origin=ORIGIN, now=NOW)


def enrolled(holder: Holder, credential: Credential) -> None:
    """The certificate is one of the holder's card."""
    sha256 = credential.certificate.fingerprint(hashes.SHA256()).hex()
    card = people.card_of(holder)
    CardCertificate.objects.create(card=card, slot="9a", der=credential.der, sha256=sha256)


@pytest.mark.parametrize("algorithm", sorted(card_login.ALGORITHMS))
def test_every_algorithm_of_web_eid_is_verified(root: Credential, algorithm: str, ayse: Holder) -> None:
    card = root.issue(key=key_for(algorithm))
    assert verify(signed(card, algorithm)).id_number == ayse.id_number


def test_a_token_that_web_eids_own_application_made_is_verified() -> None:
    """From the test data of the Web eID project: an Estonian test card, P-384."""
    key = load_der_public_key(base64.b64decode(WEB_EID_KEY))
    data = card_login.signed_bytes("ES384", origin="https://ria.ee", nonce=WEB_EID_NONCE)
    card_login.check_signature(key, "ES384", base64.b64decode(WEB_EID_SIGNATURE), data)


def test_a_signature_for_another_site_or_another_login_is_refused(root: Credential) -> None:
    card = root.issue()
    for token in (
        signed(card, "ES256", origin="https://kilit.example.net"),
        signed(card, "ES256", nonce=NONCE[::-1]),
        replace(signed(card, "ES256"), signature=bytes(64)),
        replace(signed(card, "ES256"), signature=b""),
        replace(signed(card, "ES256"), unverified_certificate=root.issue().der),
    ):
        with pytest.raises(LoginSignatureWrong):
            verify(token)


def test_an_elliptic_signature_in_der_is_refused(root: Credential) -> None:
    card = root.issue(key=KEYS["ES256"])
    data = card_login.signed_bytes("ES256", origin=ORIGIN, nonce=NONCE)
    assert isinstance(card.key, ec.EllipticCurvePrivateKey)
    in_der = card.key.sign(data, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(LoginSignatureWrong):
        verify(Token(card.der, "ES256", in_der))


@pytest.mark.parametrize("algorithm", ["none", "", "HS256", "ES256K", "RS1", "ES", "es256", "ES2566"])
def test_an_algorithm_that_is_not_on_the_list_is_refused(root: Credential, algorithm: str) -> None:
    with pytest.raises(LoginAlgorithmRefused):
        verify(replace(signed(root.issue(), "ES256"), algorithm=algorithm))


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [("ES256", "ES384"), ("ES384", "ES256"), ("ES512", "ES384"), ("ES256", "RS256"), ("RSA", "ES256")],
)
def test_an_algorithm_that_is_not_the_keys_is_refused(root: Credential, key: str, algorithm: str) -> None:
    card = root.issue(key=KEYS[key])
    with pytest.raises(LoginAlgorithmRefused):
        verify(Token(card.der, algorithm, bytes(64)))


def test_a_pss_signature_is_none_of_pkcs_1(root: Credential) -> None:
    card = root.issue(key=KEYS["RSA"])
    with pytest.raises(LoginSignatureWrong):
        verify(replace(signed(card, "PS256"), algorithm="RS256"))
    with pytest.raises(LoginSignatureWrong):
        verify(replace(signed(card, "PS256"), algorithm="PS384"))


def test_a_right_signature_by_a_certificate_nobody_trusts_is_refused(root: Credential) -> None:
    with pytest.raises(CertificateNotTrusted):
        verify(signed(pki.root("Kerem Kökü").issue(), "ES256"))
    with pytest.raises(CertificateMalformed):
        verify(Token(b"no certificate", "ES256", bytes(64)))


def test_the_holder_is_the_one_whose_card_has_the_certificate(root: Credential, ayse: Holder) -> None:
    card = root.issue()
    enrolled(ayse, card)
    assert card_login.holder_of(verify(signed(card, "ES256")), NOW) == ayse


def test_a_valid_certificate_that_was_never_enrolled_is_refused_unless_the_policy_says_so(
    root: Credential, ayse: Holder, settings: Settings
) -> None:
    identity = verify(signed(root.issue(), "ES256"))
    with pytest.raises(CertificateNotEnrolled):
        card_login.holder_of(identity, NOW)
    settings.KILITCOZ_LOGIN_UNKNOWN_CERTIFICATES = True
    assert card_login.holder_of(identity, NOW) == ayse


def test_mehmets_enrolled_certificate_does_not_open_ayses_account(root: Credential, ayse: Holder) -> None:
    """A certificate that names Ayşe, enrolled with Mehmet's card by mistake, is not hers for that."""
    card = root.issue()
    enrolled(people.mehmet(), card)
    with pytest.raises(CertificateNotEnrolled):
        card_login.holder_of(verify(signed(card, "ES256")), NOW)


def test_who_is_no_holder_is_told_so(root: Credential, ayse: Holder) -> None:
    identity = verify(signed(root.issue(subject=pki.person("TINTR-20000000046")), "ES256"))
    with pytest.raises(HolderNotKnown):
        card_login.holder_of(identity, NOW)


def test_a_passport_number_alone_never_makes_a_certificate_known(
    root: Credential, ayse: Holder, settings: Settings
) -> None:
    """Two countries may give the same number, and it is not on record which one gave the holder's."""
    settings.KILITCOZ_LOGIN_UNKNOWN_CERTIFICATES = True
    Holder.objects.filter(pk=ayse.pk).update(id_number="C01X00T47", id_kind=Holder.IdKind.PASSPORT)
    card = root.issue(subject=pki.person("PASDE-C01X00T47"))
    identity = verify(signed(card, "ES256"))
    with pytest.raises(CertificateNotEnrolled):
        card_login.holder_of(identity, NOW)
    enrolled(ayse, card)
    assert card_login.holder_of(identity, NOW).pk == ayse.pk
