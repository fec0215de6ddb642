"""An authority that was founded now, and what is asked about its certificates."""

from __future__ import annotations

from itertools import count

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.ocsp import OCSPRequestBuilder
from django.utils import timezone
from portal.tests.ca.authority import AYSE

from kilitcoz_portal.ca.models import Authority
from kilitcoz_portal.ca.port import CertificateRequest
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.services import EmbeddedAuthority

CA = EmbeddedAuthority()
_requests = count(1)


def issued() -> x509.Certificate:
    """A new certificate of Ayşe's."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    wish = CertificateRequest(f"istek-{next(_requests)}", ProfileName.AUTHENTICATION, AYSE, spki)
    return x509.load_der_x509_certificate(CA.issue(wish, timezone.now()))


def request_for(founded: Authority, certificate: x509.Certificate, nonce: bytes | None = None) -> bytes:
    """What a client asks about it, by SHA-1 as RFC 5019 has it."""
    issuer = x509.load_der_x509_certificate(bytes(founded.certificate))
    builder = OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)
