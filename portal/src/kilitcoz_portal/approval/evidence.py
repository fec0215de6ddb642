"""What a validator will need in years to come: certificates, lists and answers that were good when the
document was stamped. Of our own authority they are taken from our tables, without a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPRequestBuilder

from kilitcoz_portal.approval import signers
from kilitcoz_portal.approval.pades import Evidence
from kilitcoz_portal.ca import answers, lists
from kilitcoz_portal.ca.models import Authority
from kilitcoz_portal.trust import anchors, inquiry, paths
from kilitcoz_portal.trust.paths import TrustedPath
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.trust.reading import Read


def collect(certificate: bytes, now: datetime) -> Evidence:
    """For this signer's certificate. What cannot be had is left out: a signature without it is a signature
    still. Raises TrustError where the path does not hold any more.
    """
    own = signers.own_path(certificate, now)
    if own is not None:
        return _of_ours(own, now)
    policy = TrustPolicy.of_settings()
    read = Read.of_der(certificate)
    path = paths.trusted_path(read, (), anchors.of_folder(policy.folder), policy, now)
    crls, ocsps = inquiry.on_record(path, policy, now)
    return _evidence(path, crls, ocsps)


def chain_of(certificate: bytes, now: datetime) -> list[asn1_x509.Certificate]:
    """Its issuers, for the signature itself. Raises TrustError."""
    return list(collect(certificate, now).certificates[1:])


def _of_ours(path: TrustedPath, now: datetime) -> Evidence:
    subject, issuer = path.certificates[0].pyca, path.certificates[1]
    authority = Authority.objects.get(certificate=issuer.der)
    edition = lists.current(authority.name)
    crls = [bytes(authority.root_list), *([bytes(edition.der)] if edition is not None else [])]
    return _evidence(path, crls, [_answer(subject, issuer.pyca, now)])


def _answer(subject: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bytes:
    question = OCSPRequestBuilder().add_certificate(subject, issuer, hashes.SHA256()).build()
    return answers.answer(question.public_bytes(Encoding.DER), now).der


def _evidence(path: TrustedPath, crls: Sequence[bytes], ocsps: Sequence[bytes]) -> Evidence:
    return Evidence(
        [each.asn1 for each in path.certificates],
        [asn1_crl.CertificateList.load(der) for der in crls],
        [asn1_ocsp.OCSPResponse.load(der) for der in ocsps],
    )
