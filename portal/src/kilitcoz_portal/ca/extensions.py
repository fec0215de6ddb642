"""The extensions of a certificate, from its profile, its keys and its issuer's addresses."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from kilitcoz_portal.ca.profiles import ANY_POLICY, Profile
from kilitcoz_portal.ca.qualified import QcStatements
from kilitcoz_portal.ca.signing import SubjectKey


@dataclass(frozen=True)
class Addresses:
    """Where what belongs to an issuer is published: by plain http, for what lies there is signed."""

    certificate: str
    crl: str
    ocsp: str
    policy: str = ""


def extensions(
    profile: Profile,
    subject_key: SubjectKey,
    issuer_key: SubjectKey | None,
    addresses: Addresses | None,
    statements: QcStatements | None,
) -> list[tuple[x509.ExtensionType, bool]]:
    """In the order of RFC 5280, 4.2.1; with each whether it is critical. `issuer_key`: None for a root."""
    found: list[tuple[x509.ExtensionType, bool]] = []
    if issuer_key is not None:
        found.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False))
    found.append((x509.SubjectKeyIdentifier.from_public_key(subject_key), False))
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
    if statements is not None:
        found.append((statements.extension(), False))
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
