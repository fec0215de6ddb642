"""A certificate authority that makes cards' certificates, and says which of them it took back.

Named after a fictional organisation; the certificates' profile is that of no real authority.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

ORGANISATION = "Örnek Sertifika Hizmetleri"
VALIDITY = timedelta(days=3 * 365)
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class Authority:
    """An authority with a key of its own, which is kept nowhere."""

    def __init__(self, now: datetime) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._now = now
        self._name = name((NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, "Deneme Kökü"))
        self.certificate = (
            self._builder(self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def certify(
        self, subject: x509.Name, public_key: PublicKey, *, non_repudiation: bool
    ) -> x509.Certificate:
        """An end-entity certificate, for signatures that bind the person or for authentication."""
        return (
            self._builder(subject, public_key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(non_repudiation=non_repudiation), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def status_list(self, revoked: Iterable[x509.Certificate] = ()) -> x509.CertificateRevocationList:
        """Its CRL of these certificates, good as long as they: a forgotten authority signs no other."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(self._now).next_update(self._now + VALIDITY)
        for certificate in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(self._now).build())
        return builder.sign(self._key, hashes.SHA256())

    def certify_attestation(self, public_key: PublicKey) -> x509.Certificate:
        """The card's own little authority, F9."""
        return (
            self._builder(name((NameOID.COMMON_NAME, "PIV Attestation")), public_key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _builder(self, subject: x509.Name, public_key: PublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now)
            .not_valid_after(self._now + VALIDITY)
        )


def to_pem(certificate: x509.Certificate) -> bytes:
    """PEM, for a file."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def name(*attributes: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    """A distinguished name, one attribute in each relative name."""
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])


def _key_usage(*, non_repudiation: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not non_repudiation,
        content_commitment=non_repudiation,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
