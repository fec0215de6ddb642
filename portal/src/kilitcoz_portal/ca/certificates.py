"""Making a certificate: a pure function of profile, subject, public key, issuer, serial number and time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID

from kilitcoz_portal.ca.profiles import ANY_POLICY, PROFILES, Profile, ProfileName
from kilitcoz_portal.ca.qualified import QcStatements

SignerKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
SubjectKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

# RFC 5280, 4.1.2.2: positive, at most 20 octets; BR 7.1: at least 64 bits from a random generator.
SERIAL_BITS = 158

Hash = hashes.SHA256 | hashes.SHA384
_HASH_OF_CURVE: dict[str, type[Hash]] = {"secp384r1": hashes.SHA384}


@dataclass(frozen=True)
class Issuer:
    """Who signs. `certificate` is None for a root, which signs itself under `name`."""

    name: x509.Name
    key: SignerKey = field(repr=False)
    certificate: x509.Certificate | None = None

    @property
    def public_key(self) -> SubjectKey:
        """What its signatures are checked with."""
        return self.key.public_key()

    @property
    def hash(self) -> Hash:
        """What goes with its key."""
        curve = self.key.curve.name if isinstance(self.key, ec.EllipticCurvePrivateKey) else ""
        return _HASH_OF_CURVE.get(curve, hashes.SHA256)()


@dataclass(frozen=True)
class Addresses:
    """Where what belongs to an issuer is published: by plain http, for what lies there is signed."""

    certificate: str
    crl: str
    ocsp: str
    policy: str = ""


@dataclass(frozen=True)
class Order:
    """What is to be certified. `not_before` is never before the moment of issue: nothing is backdated."""

    profile: ProfileName
    subject: x509.Name
    public_key: SubjectKey
    serial_number: int
    not_before: datetime
    statements: QcStatements | None = None


def new_serial_number() -> int:
    """SERIAL_BITS random bits, the highest set: all are of one length, and none is guessed."""
    return secrets.randbits(SERIAL_BITS - 1) | 1 << (SERIAL_BITS - 2)


def make(order: Order, issuer: Issuer, addresses: Addresses | None) -> x509.Certificate:
    """Sign it. ValueError where order and profile do not fit; a certificate never outlives its issuer's."""
    profile = PROFILES[order.profile]
    _check(order, profile, issuer, addresses)
    builder = (
        x509.CertificateBuilder()
        .subject_name(order.subject)
        .issuer_name(issuer.name)
        .public_key(order.public_key)
        .serial_number(order.serial_number)
        .not_valid_before(order.not_before)
        .not_valid_after(_not_after(order, profile, issuer))
    )
    for extension, critical in _extensions(order, profile, issuer, addresses):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer.key, issuer.hash)


def _check(order: Order, profile: Profile, issuer: Issuer, addresses: Addresses | None) -> None:
    if profile.qualified != (order.statements is not None):
        raise ValueError(f"{order.profile}: QCStatements belong into qualified certificates, and only there")
    if profile.has_status and addresses is None:
        raise ValueError(f"{order.profile}: without addresses nobody can ask for its status")
    if not 0 < order.serial_number < 1 << SERIAL_BITS:
        raise ValueError("serial number out of range")
    if (issuer.certificate is None) != (order.profile is ProfileName.ROOT):
        raise ValueError("a root signs itself, and nothing else does")


def _not_after(order: Order, profile: Profile, issuer: Issuer) -> datetime:
    """RFC 5280, 4.1.2.5: the last second is within; so a whole number of days ends a second before."""
    ends = order.not_before + profile.life - timedelta(seconds=1)
    return ends if issuer.certificate is None else min(ends, issuer.certificate.not_valid_after_utc)


def _extensions(
    order: Order, profile: Profile, issuer: Issuer, addresses: Addresses | None
) -> list[tuple[x509.ExtensionType, bool]]:
    """In the order of RFC 5280, 4.2.1; with each whether it is critical."""
    found: list[tuple[x509.ExtensionType, bool]] = []
    if issuer.certificate is not None:
        found.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key), False))
    found.append((x509.SubjectKeyIdentifier.from_public_key(order.public_key), False))
    found.append((key_usage(profile), True))
    if profile.policies:
        found.append((policies(profile, addresses), False))
    if profile.is_authority:
        found.append((x509.BasicConstraints(ca=True, path_length=profile.path_length), True))
    if profile.extended_key_usage:
        found.append((x509.ExtendedKeyUsage(profile.extended_key_usage), False))
    if profile.has_status and addresses is not None:
        found += [(_distribution_point(addresses.crl), False), (_access(addresses), False)]
    if profile.no_check:
        found.append((x509.OCSPNoCheck(), False))
    if order.statements is not None:
        found.append((order.statements.extension(), False))
    return found


def key_usage(profile: Profile) -> x509.KeyUsage:
    """4.2.1.3: the profile's bits."""
    bits = {
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    }
    return x509.KeyUsage(**{bit: bit in profile.key_usage for bit in bits})


def policies(profile: Profile, addresses: Addresses | None) -> x509.CertificatePolicies:
    """Each with the address of the practice statement, where there is one (4.2.1.4)."""
    at = addresses.policy if addresses is not None else ""
    return x509.CertificatePolicies(
        [
            x509.PolicyInformation(
                x509.ObjectIdentifier(policy), [at] if at and policy != ANY_POLICY else None
            )
            for policy in profile.policies
        ]
    )


def _distribution_point(address: str) -> x509.CRLDistributionPoints:
    full_name = [x509.UniformResourceIdentifier(address)]
    return x509.CRLDistributionPoints([x509.DistributionPoint(full_name, None, None, None)])


def _access(addresses: Addresses) -> x509.AuthorityInformationAccess:
    """4.2.2.1: who answers about it, and where its issuer's certificate lies."""
    return x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(method, x509.UniformResourceIdentifier(address))
            for method, address in (
                (AuthorityInformationAccessOID.OCSP, addresses.ocsp),
                (AuthorityInformationAccessOID.CA_ISSUERS, addresses.certificate),
            )
        ]
    )
