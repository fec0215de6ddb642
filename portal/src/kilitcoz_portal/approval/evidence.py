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
from kilitcoz_portal.ca import answers
from kilitcoz_portal.ca.models import Authority
from kilitcoz_portal.trust import anchors, inquiry, paths
from kilitcoz_portal.trust.paths import TrustedPath
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.trust.reading import Read


def collect(certificate: bytes, now: datetime) -> Evidence:
    """For this signer's certificate. What cannot be had is left out: a signature without it is a signature
    still. Raises TrustError where the path does not hold any more.
    """
    path = _path_of(certificate, now)
    authority = Authority.objects.filter(certificate=path.certificates[1].der).first()
    if authority is not None:
        return _of_ours(authority, path, now)
    crls, ocsps = inquiry.on_record(path, TrustPolicy.of_settings(), now)
    return _evidence(path, crls, ocsps)


def chain_of(certificate: bytes, now: datetime) -> list[bytes]:
    """Its issuers between it and the anchor, DER, for the signature itself. Raises TrustError."""
    return [each.der for each in _path_of(certificate, now).certificates[1:-1]]


def _path_of(certificate: bytes, now: datetime) -> TrustedPath:
    own = signers.own_path(certificate, now)
    if own is not None:
        return own
    policy = TrustPolicy.of_settings()
    found = anchors.of_folder(policy.folder)
    return paths.trusted_path(Read.of_der(certificate), (), found, policy, now)


def _of_ours(authority: Authority, path: TrustedPath, now: datetime) -> Evidence:
    """An OCSP answer about the holder's certificate, in place of a list that may have a million entries; and
    the root's short list about the issuer's.
    """
    subject, issuer = (each.pyca for each in path.certificates[:2])
    return _evidence(path, [bytes(authority.root_list)], [_answer(subject, issuer, now)])


def _answer(subject: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bytes:
    question = OCSPRequestBuilder().add_certificate(subject, issuer, hashes.SHA256()).build()
    return answers.answer(question.public_bytes(Encoding.DER), now).der


def _evidence(path: TrustedPath, crls: Sequence[bytes], ocsps: Sequence[bytes]) -> Evidence:
    return Evidence(
        # read anew: what was taken apart once is put together again very slowly
        [asn1_x509.Certificate.load(each.der) for each in path.certificates],
        [asn1_crl.CertificateList.load(der) for der in crls],
        [asn1_ocsp.OCSPResponse.load(der) for der in ocsps],
    )
