"""Settings of the authority elsewhere that are missing or wrong are told by name, and nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import StandIn
from portal.tests.ca.cmp.wishes import wish
from portal.tests.hsm.softhsm import new_token, place
from pytest_django import Settings

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.cmp.models import Enrolment
from kilitcoz_portal.ca.errors import CaNotConfigured, CaUnavailable
from kilitcoz_portal.ca.services import EmbeddedAuthority
from kilitcoz_portal.hsm.addresses import KeyAddress
from kilitcoz_portal.hsm.keys import KeyKind, generate

RECIPIENT = x509.Name.from_rfc4514_string("CN=Kilitçöz RA,C=TR")
PEM = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def key_file(settings: Settings, key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> None:
    """Another key in the file."""
    Path(settings.KILITCOZ_CMP_KEY_FILE).write_bytes(key.private_bytes(*PEM))


WRONG: dict[str, Callable[[Settings], object]] = {
    "KILITCOZ_CMP_URL: an https": lambda our: setattr(our, "KILITCOZ_CMP_URL", "http://ca.ornek.example/cmp"),
    "KILITCOZ_CMP_URL": lambda our: setattr(our, "KILITCOZ_CMP_URL", ""),
    "KILITCOZ_CMP_RECIPIENT: a name": lambda our: setattr(our, "KILITCOZ_CMP_RECIPIENT", "no name"),
    "KILITCOZ_CMP_RECIPIENT: empty": lambda our: setattr(our, "KILITCOZ_CMP_RECIPIENT", ""),
    "KILITCOZ_CMP_TRUST_FILE": lambda our: setattr(our, "KILITCOZ_CMP_TRUST_FILE", "/nowhere.pem"),
    "KILITCOZ_CMP_KEY_FILE: no EC": lambda our: Path(our.KILITCOZ_CMP_KEY_FILE).write_text("no key"),
    "nor the address of one": lambda our: Path(our.KILITCOZ_CMP_KEY_FILE).write_text("pkcs11:token=x"),
    "KILITCOZ_CMP_KEY_FILE: no file with": lambda our: Path(our.KILITCOZ_CMP_KEY_FILE).chmod(0o640),
    "KILITCOZ_CMP_KEY_FILE: no EC or RSA key": lambda our: key_file(
        our, ed25519.Ed25519PrivateKey.generate()
    ),
    "KILITCOZ_CMP_CERT_FILE: the first": lambda our: key_file(our, ec.generate_private_key(ec.SECP256R1())),
    "KILITCOZ_CMP_CERT_FILE: no": lambda our: setattr(our, "KILITCOZ_CMP_CERT_FILE", ""),
    "KILITCOZ_CMP_PROFILES: unknown": lambda our: setattr(our, "KILITCOZ_CMP_PROFILES", {"imza": "x"}),
    "KILITCOZ_CMP_PROFILES: profiles of": lambda our: setattr(our, "KILITCOZ_CMP_PROFILES", {"root": "x"}),
    "KILITCOZ_CMP_TLS_FILE": lambda our: setattr(our, "KILITCOZ_CMP_TLS_FILE", "/nowhere.pem"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("told", WRONG)
def test_what_is_wrong_is_told_by_its_setting(
    elsewhere: StandIn, clock: Clock, settings: Settings, told: str
) -> None:
    WRONG[told](settings)
    with pytest.raises(CaNotConfigured, match=told):
        authority().issue(wish(), clock.now())
    assert elsewhere.seen == []
    assert not Enrolment.objects.exists()


def test_the_key_shows_in_no_repr(elsewhere: StandIn) -> None:
    assert "key=" not in repr(configured().credentials)


@pytest.mark.django_db
def test_a_tls_certificate_by_somebody_else_ends_the_call(
    elsewhere: StandIn, clock: Clock, settings: Settings
) -> None:
    settings.KILITCOZ_CMP_URL = settings.KILITCOZ_CMP_URL.replace("http://", "https://")
    with pytest.raises(CaUnavailable, match="unreachable"):
        authority().issue(wish(), clock.now())
    assert elsewhere.seen == []


@pytest.mark.django_db
def test_our_key_may_lie_in_a_token(
    elsewhere: StandIn, clock: Clock, settings: Settings, tmp_path: Path
) -> None:
    place()
    token = new_token(tmp_path, settings)
    key = generate(KeyAddress(token.label, "ra"), KeyKind.P384)
    certificate = elsewhere.issue(RECIPIENT, key.public_key()).certificate
    elsewhere.registration_authority = certificate
    Path(settings.KILITCOZ_CMP_KEY_FILE).write_text(str(key.address))
    Path(settings.KILITCOZ_CMP_CERT_FILE).write_bytes(certificate.public_bytes(Encoding.PEM))
    asked = wish()
    authority().issue(asked, clock.now())
    token.taken_away()
    with pytest.raises(CaUnavailable):
        authority().issue(wish(), clock.now())
    assert [kind for kind, _ in elsewhere.seen] == ["ir", "cert_conf"]


def test_the_embedded_authority_is_the_default() -> None:
    assert isinstance(authority(), EmbeddedAuthority)
