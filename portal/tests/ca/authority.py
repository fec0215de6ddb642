"""An authority of two levels, its responder, and certificates of Ayşe and her card, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPRequestBuilder

from kilitcoz_portal.ca import names, ocsp
from kilitcoz_portal.ca.certificates import Order, make
from kilitcoz_portal.ca.extensions import Addresses
from kilitcoz_portal.ca.names import Person
from kilitcoz_portal.ca.ocsp import Responder
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.qualified import QcStatements
from kilitcoz_portal.ca.signing import Issuer

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ORGANISATION, ORGANISATION_ID = "Örnek Sertifika Hizmetleri", "NTRTR-0000001"
BASE = "http://pki.ornek.example.com"  # linters take .example itself for an internal name
ROOTS = Addresses(f"{BASE}/kok.cer", f"{BASE}/kok.crl", f"{BASE}/ocsp")
ISSUERS = Addresses(f"{BASE}/nes.cer", f"{BASE}/nes.crl", f"{BASE}/ocsp", f"{BASE}/sui.pdf")
STATEMENTS = QcStatements(disclosures=(("en", "https://pki.ornek.example.com/pds-en.pdf"),))
AYSE = Person("Ayşe Işıl", "Yılmaz", "10000000146")

_serials = count(0x1F00_0000_0000_0000_0000_0000_0000_0001)


@dataclass(frozen=True)
class Authority:
    """Root and issuing authority, each with its certificate."""

    root: Issuer
    issuing: Issuer

    def certify(
        self, profile: ProfileName, subject: x509.Name, moment: datetime = NOW
    ) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        """A certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        statements = STATEMENTS if profile is ProfileName.SIGNATURE else None
        order = Order(profile, subject, key.public_key(), next(_serials), moment, statements)
        return make(order, self.issuing, ISSUERS), key

    @property
    def certificates(self) -> list[x509.Certificate]:
        """From the issuing authority up."""
        found = [self.issuing.certificate, self.root.certificate]
        return [each for each in found if each is not None]


@cache
def authority() -> Authority:
    """The one of these tests."""
    root_name = names.authority(ORGANISATION, ORGANISATION_ID, "Örnek Kök 2026")
    root_key = ec.generate_private_key(ec.SECP384R1())
    order = Order(ProfileName.ROOT, root_name, root_key.public_key(), next(_serials), NOW)
    root_certificate = make(order, Issuer(root_name, root_key), None)
    root = Issuer(root_name, root_key, root_certificate)
    name = names.authority(ORGANISATION, ORGANISATION_ID, "Örnek NES 2026")
    key = ec.generate_private_key(ec.SECP256R1())
    order = Order(ProfileName.ISSUING, name, key.public_key(), next(_serials), NOW)
    return Authority(root, Issuer(name, key, make(order, root, ROOTS)))


@cache
def responder() -> Responder:
    """Who answers for the issuing authority."""
    issuing = authority().issuing
    assert issuing.certificate is not None
    name = names.authority(ORGANISATION, ORGANISATION_ID, "Örnek OCSP 2026")
    certificate, key = authority().certify(ProfileName.OCSP_RESPONDER, name)
    return Responder(Issuer(name, key, certificate), certificate, issuing.certificate)


@cache
def certificate_of(profile: ProfileName) -> x509.Certificate:
    """Ayşe's, or her card's."""
    subject = names.card(ORGANISATION, "90214821") if profile is ProfileName.CARD else AYSE.subject()
    return authority().certify(profile, subject)[0]


def question_of(certificate: x509.Certificate, nonce: bytes | None = None) -> ocsp.Question:
    """What a client asks about this certificate of Ayşe's or her card's, by SHA-1 as RFC 5019 has it."""
    issuer = authority().issuing.certificate
    assert issuer is not None
    builder = OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return ocsp.read(builder.build().public_bytes(Encoding.DER))
