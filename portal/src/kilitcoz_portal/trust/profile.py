"""What the holder's own certificate must be, one rule each, in the order of RFC 5280, 4.2, and then of
ETSI EN 319 412-5. The path has been walked before.
"""

from __future__ import annotations

from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from kilitcoz_portal.trust.algorithms import key_of_today
from kilitcoz_portal.trust.errors import CertificateNotQualified, CertificateUsageWrong, CertificateWeak
from kilitcoz_portal.trust.policy import TrustPolicy, Usage
from kilitcoz_portal.trust.qualified import states_qualified
from kilitcoz_portal.trust.reading import Read

E = TypeVar("E", bound=x509.ExtensionType)
_PURPOSES = {
    Usage.AUTHENTICATION: {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SMARTCARD_LOGON},
    Usage.SIGNATURE: {ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")},
}


def check(certificate: Read, usage: Usage, policy: TrustPolicy) -> None:
    """Raises CertificateWeak, CertificateUsageWrong, CertificateNotQualified: the first rule that is not
    kept.
    """
    public_key(certificate)
    key_usage(certificate.pyca, usage)
    basic_constraints(certificate.pyca)
    extended_key_usage(certificate.pyca, usage)
    if policy.qualified:
        qc_compliance(certificate.pyca)


def public_key(certificate: Read) -> None:
    """4.1.2.7: a key of today."""
    if not key_of_today(certificate.pyca.public_key()):
        raise CertificateWeak("public-key")


def key_usage(certificate: x509.Certificate, usage: Usage) -> None:
    """4.2.1.3: there, and it allows the use; a key that signs certificates is nobody's own."""
    found = _extension(certificate, x509.KeyUsage)
    if found is None:
        raise CertificateUsageWrong("key-usage-missing")
    allowed = found.digital_signature if usage is Usage.AUTHENTICATION else found.content_commitment
    if not allowed or found.key_cert_sign or found.crl_sign:
        raise CertificateUsageWrong("key-usage")


def basic_constraints(certificate: x509.Certificate) -> None:
    """4.2.1.9: not an authority."""
    found = _extension(certificate, x509.BasicConstraints)
    if found is not None and found.ca:
        raise CertificateUsageWrong("basic-constraints")


def extended_key_usage(certificate: x509.Certificate, usage: Usage) -> None:
    """4.2.1.12: where it is there, it names the purpose. anyExtendedKeyUsage is not enough."""
    found = _extension(certificate, x509.ExtendedKeyUsage)
    if found is not None and not _PURPOSES[usage] & set(found):
        raise CertificateUsageWrong("extended-key-usage")


def qc_compliance(certificate: x509.Certificate) -> None:
    """EN 319 412-5, 4.2.1: its issuer states that it is a qualified certificate."""
    if not states_qualified(certificate):
        raise CertificateNotQualified("qc-compliance")


def _extension(certificate: x509.Certificate, kind: type[E]) -> E | None:
    """The extension's value, None where the certificate has none of this kind."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
