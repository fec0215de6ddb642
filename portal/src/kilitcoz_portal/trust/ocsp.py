"""An OCSP answer (RFC 6960), judged in the order of section 3.2: one function for each rule.

Accepted responders: the certificate's issuer, or whom it delegated by a certificate of its own with
id-kp-OCSPSigning and id-pkix-ocsp-nocheck (4.2.2.2). Nobody else, whatever the configuration of the network.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import keys as asn1_keys
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from kilitcoz_portal.trust.algorithms import hash_of_today, key_of_today
from kilitcoz_portal.trust.errors import TrustError
from kilitcoz_portal.trust.paths import require_issued_by
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.trust.reading import FAULTS, Read
from kilitcoz_portal.trust.verdicts import DoesNotCount, State, Verdict

NONCE_BYTES = 32  # RFC 9654, 2.1


@dataclass(frozen=True)
class Question:
    """What is sent to a responder, and the nonce that its answer must repeat."""

    der: bytes
    nonce: bytes


def ask(certificate: Read, issuer: Read) -> Question:
    """A request for one certificate, with a fresh nonce (4.1, 4.4.1).

    The certID is by SHA-1, which RFC 5019 asks of clients: it finds a row, and proves nothing.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate.pyca, issuer.pyca, hashes.SHA1())  # noqa: S303
    request = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()
    return Question(request.public_bytes(Encoding.DER), nonce)


def judge(
    answer: bytes, certificate: Read, issuer: Read, policy: TrustPolicy, now: datetime, nonce: bytes | None
) -> Verdict:
    """What the answer says. `nonce`: of the question it answers; None for one that was stored. Raises
    DoesNotCount: the first rule that is not kept.
    """
    try:
        response = _successful(answer)
        single = _about(response, certificate, issuer)
        _extensions(response)
        _signed(response, _responder(response, issuer, policy, now))
        _recent(single, policy, now)
        if nonce is not None:
            _same_nonce(response, nonce, required=policy.ocsp_nonce)
    except FAULTS:
        raise DoesNotCount("ocsp-malformed") from None
    return Verdict(
        _state(single),
        "ocsp",
        single.this_update_utc,
        single.next_update_utc,
        single.revocation_time_utc,
        single.revocation_reason,
    )


def _successful(answer: bytes) -> ocsp.OCSPResponse:
    """2.3: errors are not signed and say nothing."""
    response = ocsp.load_der_ocsp_response(answer)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise DoesNotCount(f"ocsp-{response.response_status.name.lower().replace('_', '-')}")
    return response


def _about(response: ocsp.OCSPResponse, certificate: Read, issuer: Read) -> ocsp.OCSPSingleResponse:
    """3.2 (1): it is about the certificate that was asked for."""
    for single in response.responses:
        if single.serial_number == certificate.pyca.serial_number and _names(single, issuer):
            return single
    raise DoesNotCount("ocsp-other-certificate")


def _names(single: ocsp.OCSPSingleResponse, issuer: Read) -> bool:
    """4.1.1: the hashes in the certID are those of the issuer's name and key."""
    hashed = [
        hashlib.new(single.hash_algorithm.name, part, usedforsecurity=False).digest()
        for part in (issuer.pyca.subject.public_bytes(), _key_bits(issuer.pyca))
    ]
    return [single.issuer_name_hash, single.issuer_key_hash] == hashed


def _extensions(response: ocsp.OCSPResponse) -> None:
    """4.4: what is critical must be understood."""
    if any(each.critical and not isinstance(each.value, x509.OCSPNonce) for each in response.extensions):
        raise DoesNotCount("ocsp-critical-extension")


def _responder(
    response: ocsp.OCSPResponse, issuer: Read, policy: TrustPolicy, now: datetime
) -> PublicKeyTypes:
    """3.2 (3), (4): the key of who signed, if the issuer did or let it."""
    if _is(response, issuer.pyca):
        return issuer.pyca.public_key()
    for candidate in _delegates(response):
        _delegated(candidate, issuer, policy, now)
        return candidate.pyca.public_key()
    raise DoesNotCount("ocsp-responder-unknown")


def _delegates(response: ocsp.OCSPResponse) -> Iterator[Read]:
    """Certificates in the answer that are the responder's by its name or key."""
    for each in response.certificates:
        if _is(response, each):
            yield Read.of_der(each.public_bytes(Encoding.DER))


def _is(response: ocsp.OCSPResponse, certificate: x509.Certificate) -> bool:
    """4.2.1: whether the ResponderID means this certificate."""
    if response.responder_name is not None:
        return certificate.subject == response.responder_name
    key_hash = hashlib.sha1(_key_bits(certificate), usedforsecurity=False).digest()
    return key_hash == response.responder_key_hash


def _delegated(candidate: Read, issuer: Read, policy: TrustPolicy, now: datetime) -> None:
    """4.2.2.2: issued by this very authority, for this, and good for as long as it is valid."""
    try:
        require_issued_by(issuer, candidate, policy, now)
    except TrustError:
        raise DoesNotCount("ocsp-responder-not-authorised") from None
    try:
        extensions = candidate.pyca.extensions
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        extensions.get_extension_for_class(x509.OCSPNoCheck)
    except x509.ExtensionNotFound:
        raise DoesNotCount("ocsp-responder-not-authorised") from None
    if ExtendedKeyUsageOID.OCSP_SIGNING not in purposes or not key_of_today(candidate.pyca.public_key()):
        raise DoesNotCount("ocsp-responder-not-authorised")


def _signed(response: ocsp.OCSPResponse, key: PublicKeyTypes) -> None:
    """3.2 (2): the signature is valid, by an algorithm of today."""
    signature, signed, algorithm = (
        response.signature,
        response.tbs_response_bytes,
        response.signature_hash_algorithm,
    )
    if algorithm is not None and not hash_of_today(algorithm.name):
        raise DoesNotCount("ocsp-signature-weak")
    try:
        if isinstance(key, rsa.RSAPublicKey) and algorithm is not None:
            key.verify(signature, signed, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm is not None:
            key.verify(signature, signed, ec.ECDSA(algorithm))
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) and algorithm is None:
            key.verify(signature, signed)
        else:
            raise DoesNotCount("ocsp-signature")
    except InvalidSignature:
        raise DoesNotCount("ocsp-signature") from None


def _recent(single: ocsp.OCSPSingleResponse, policy: TrustPolicy, now: datetime) -> None:
    """3.2 (5), (6): thisUpdate has come and nextUpdate has not. The clock's tolerance is for the first
    alone; an answer without nextUpdate counts for as long as the clocks may differ (4.2.2.1).
    """
    if single.this_update_utc > now + policy.clock_skew:
        raise DoesNotCount("ocsp-not-yet")
    until = single.next_update_utc or single.this_update_utc + 2 * policy.clock_skew
    if now >= until:
        raise DoesNotCount("ocsp-stale")


def _same_nonce(response: ocsp.OCSPResponse, nonce: bytes, *, required: bool) -> None:
    """4.4.1: it answers this question and not one of yesterday."""
    try:
        repeated = response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        if required:
            raise DoesNotCount("ocsp-nonce-missing") from None
        return
    if repeated != nonce:
        raise DoesNotCount("ocsp-nonce")


def _state(single: ocsp.OCSPSingleResponse) -> State:
    """2.2. A revocation counts from the moment it is told, whatever its date."""
    if single.certificate_status is ocsp.OCSPCertStatus.GOOD:
        return State.GOOD
    if single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        return State.UNKNOWN
    on_hold = single.revocation_reason is x509.ReasonFlags.certificate_hold
    return State.ON_HOLD if on_hold else State.REVOKED


def _key_bits(certificate: x509.Certificate) -> bytes:
    """The BIT STRING subjectPublicKey, without tag, length and number of unused bits."""
    der = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return bytes(asn1_keys.PublicKeyInfo.load(der)["public_key"])
