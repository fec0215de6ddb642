"""A little public key infrastructure for tests, made by pyca/cryptography: any certificate, right or wrong in
exactly one point.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
QC_COMPLIANCE = bytes.fromhex("300a3008060604008e460101")  # SEQUENCE { SEQUENCE { 0.4.0.1862.1.1 } }
_serials = itertools.count(1001)
_KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@cache
def spare_key(number: int) -> ec.EllipticCurvePrivateKey:
    """The same P-256 keys in every test: what is tested is never their randomness."""
    return ec.generate_private_key(ec.SECP256R1())


def person(
    serial_number: str = "TINTR-10000000146", name: str = "Ayşe Yılmaz", country: str = "TR"
) -> x509.Name:
    """A subject as issuers write it."""
    given, _, surname = name.rpartition(" ")
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.GIVEN_NAME, given),
            x509.NameAttribute(NameOID.SURNAME, surname),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, serial_number),
        ]
    )


def authority_name(name: str) -> x509.Name:
    """An authority's subject."""
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )


def usage(*allowed: str) -> x509.KeyUsage:
    """Key usage with these bits alone."""
    return x509.KeyUsage(**{bit: bit in allowed for bit in _KEY_USAGES})


Extensions = Sequence[tuple[x509.ExtensionType, bool]]  # value, critical
HOLDERS: Extensions = (
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (usage("digital_signature"), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
)


def authoritys(path_length: int | None = None) -> Extensions:
    """An authority's extensions."""
    return (
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (usage("key_cert_sign", "crl_sign"), True),
    )


@dataclass(frozen=True)
class Wanted:
    """A certificate to be made. `instead` replaces extensions of the same kind; `more` is added."""

    subject: x509.Name = field(default_factory=person)
    extensions: Extensions = HOLDERS
    more: Extensions = ()
    without: tuple[type[x509.ExtensionType], ...] = ()
    begins: datetime = NOW - 30 * DAY
    ends: datetime = NOW + 365 * DAY
    key: PrivateKey | None = None

    def all_extensions(self) -> Extensions:
        """Of each kind the last one."""
        by_oid = {value.oid: (value, critical) for value, critical in (*self.extensions, *self.more)}
        return [each for each in by_oid.values() if not isinstance(each[0], self.without)]


@dataclass(frozen=True)
class Credential:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def der(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(Encoding.PEM)

    def write(self, folder: Path, name: str, *chain: Credential) -> tuple[Path, Path]:
        """Files of the certificate (with its chain) and of the key, PEM."""
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        certificate.write_bytes(b"".join(each.pem for each in (self, *chain)))
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, key

    def issue(self, wanted: Wanted | None = None, **changes: object) -> Credential:
        """A certificate below this one."""
        wanted = replace(wanted or Wanted(), **changes)  # type: ignore[arg-type]  # the fields' own names
        key = wanted.key or ec.generate_private_key(ec.SECP256R1())
        return Credential(_sign(wanted, key, self.certificate.subject, self.key), key)

    def authority(self, name: str, *, path_length: int | None = None, **changes: object) -> Credential:
        """An authority below this one."""
        return self.issue(Wanted(authority_name(name), authoritys(path_length)), **changes)

    def crl(
        self,
        revoked: Mapping[int, x509.ReasonFlags | None] | None = None,
        *,
        issued: datetime = NOW - DAY,
        due: datetime | None = NOW + DAY,
        more: Extensions = (),
        hashed_by: hashes.HashAlgorithm | None = None,
    ) -> bytes:
        """Its list (PEM) of these serial numbers."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(issued).next_update(due or issued)
        for serial, reason in (revoked or {}).items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(issued)
            if reason is not None:
                entry = entry.add_extension(x509.CRLReason(reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        for value, critical in more:
            builder = builder.add_extension(value, critical=critical)
        return builder.sign(self.key, hashed_by or hashes.SHA256()).public_bytes(Encoding.PEM)  # type: ignore[arg-type]  # EdDSA is not used here


def root(name: str = "Deneme Kökü", **changes: object) -> Credential:
    """An authority that signed itself."""
    wanted = replace(Wanted(authority_name(name), authoritys()), **changes)  # type: ignore[arg-type]  # the fields' own names
    key = wanted.key or ec.generate_private_key(ec.SECP256R1())
    return Credential(_sign(wanted, key, wanted.subject, key), key)


def _sign(wanted: Wanted, key: PrivateKey, issuer: x509.Name, issuer_key: PrivateKey) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(wanted.subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(next(_serials))
        .not_valid_before(wanted.begins)
        .not_valid_after(wanted.ends)
    )
    for value, critical in wanted.all_extensions():
        builder = builder.add_extension(value, critical=critical)
    by = None if isinstance(issuer_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(issuer_key, by)


def signed_by_sha1(credential: Credential, issuer: Credential) -> Credential:
    """The same certificate, signed anew in a way that pyca's builder refuses."""
    assert isinstance(issuer.key, ec.EllipticCurvePrivateKey)
    certificate = asn1.Certificate.load(credential.der)
    algorithm = {"algorithm": "sha1_ecdsa"}
    certificate["tbs_certificate"]["signature"] = algorithm
    certificate["signature_algorithm"] = algorithm
    signed = certificate["tbs_certificate"].dump(force=True)
    certificate["signature_value"] = issuer.key.sign(signed, ec.ECDSA(hashes.SHA1()))
    return Credential(x509.load_der_x509_certificate(certificate.dump(force=True)), credential.key)


@dataclass(frozen=True)
class TrustFolder:
    """A trust folder that a test fills."""

    path: Path

    def anchor(self, *authorities: Credential) -> None:
        """Paths may end here."""
        self.put("anchors", "pem", *(each.pem for each in authorities))

    def intermediate(self, *authorities: Credential) -> None:
        """Paths may go through here."""
        self.put("intermediates", "pem", *(each.pem for each in authorities))

    def crl(self, *lists: bytes) -> None:
        """Status without a network."""
        self.put("crls", "pem", *lists)

    def ocsp(self, *answers: bytes) -> None:
        """The same."""
        self.put("ocsp", "der", *answers)

    def put(self, part: str, suffix: str, *contents: bytes) -> None:
        """Files, each with a name of its own."""
        place = self.path / part
        place.mkdir(parents=True, exist_ok=True)
        for content in contents:
            (place / f"{len(list(place.iterdir()))}.{suffix}").write_bytes(content)
