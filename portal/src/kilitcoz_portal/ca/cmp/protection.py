"""Signature-based protection (RFC 4210, 5.1.3.3; RFC 9483, 3.2): ours with the registration authority's
key, the authority's checked against what this installation has pinned.

A signature counts by algorithms of today, made by a key that was pinned itself, or by one that a pinned
authority has certified for just this (id-kp-cmcCA, id-kp-cmcRA: RFC 9480, 2.2). A holder's certificate of the
same authority therefore speaks for nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import algos, parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from kilitcoz_portal.ca.cmp import asn1
from kilitcoz_portal.ca.errors import CaAnswerUntrusted
from kilitcoz_portal.ca.signing import Issuer, SignerKey, signature
from kilitcoz_portal.trust.algorithms import key_of_today

CMC_CA = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.27")  # RFC 6402, 2.10
CMC_RA = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.28")
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_UNIVERSAL, _CONSTRUCTED, _SEQUENCE = 0, 1, 16


@dataclass(frozen=True)
class Credentials:
    """Who we are to the authority. `chain`: the certificates above ours, sent along."""

    key: SignerKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def signer(self) -> Issuer:
        """Name, key and the hash that goes with it."""
        return Issuer(self.certificate.subject, self.key, self.certificate)

    @property
    def algorithm(self) -> str:
        """protectionAlg, by asn1crypto's name."""
        is_ec = isinstance(self.signer.public_key, ec.EllipticCurvePublicKey)
        return f"{self.signer.hash.name}_{'ecdsa' if is_ec else 'rsa'}"

    @property
    def key_id(self) -> bytes | None:
        """senderKID: the certificate's subjectKeyIdentifier (RFC 9483, 3.1)."""
        return _key_id(self.certificate)


def protect(header: asn1.Header, body: asn1.Body, credentials: Credentials) -> bytes:
    """The message with its protection and our certificates, ours first (RFC 9483, 3.3); DER. Raises
    CaUnavailable, where a token holds our key and does not sign.
    """
    certificates = (credentials.certificate, *credentials.chain)
    message = {
        "header": header,
        "body": body,
        "protection": signature(_protected_part(header.dump(), body.dump()), credentials.signer),
        "extra_certs": [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates],
    }
    return bytes(asn1.Message(message).dump())


def verify(message: asn1.Message, pinned: Sequence[x509.Certificate], now: datetime) -> x509.Certificate:
    """Who has signed the message. Raises CaAnswerUntrusted: protection-missing, signer, signature."""
    if message["protection"].native is None or message["header"]["protection_alg"].native is None:
        raise CaAnswerUntrusted("protection-missing")
    signed = _protected_part(message["header"].dump(), message["body"].dump())
    signer = _signer(message, pinned, now)
    _verify(signer, message["header"]["protection_alg"], bytes(message["protection"]), signed)
    return signer


def certificates_of(message: asn1.Message) -> list[x509.Certificate]:
    """extraCerts, in their order. Raises ValueError for what is no certificate."""
    return [x509.load_der_x509_certificate(each.dump()) for each in message["extra_certs"] or ()]


def _protected_part(header: bytes, body: bytes) -> bytes:
    """5.1.3: header and body as they are encoded, in a SEQUENCE of their own."""
    return bytes(parser.emit(_UNIVERSAL, _CONSTRUCTED, _SEQUENCE, header + body))


def _signer(message: asn1.Message, pinned: Sequence[x509.Certificate], now: datetime) -> x509.Certificate:
    """The pinned or certified certificate that the header names, valid now (RFC 9483, 3.5)."""
    header = message["header"]
    for candidate in (*certificates_of(message), *pinned):
        if (
            _is_named(candidate, header)
            and candidate.not_valid_before_utc <= now <= candidate.not_valid_after_utc
            and (candidate in pinned or _speaks_for(candidate, pinned))
            and _may_sign(candidate)
        ):
            return candidate
    raise CaAnswerUntrusted("signer")


def _is_named(candidate: x509.Certificate, header: asn1.Header) -> bool:
    """By the sender's name, and by senderKID where there is one."""
    sender, key_id = header["sender"], header["sender_kid"].native
    if sender.name != "directory_name" or sender.chosen != asn1_x509.Name.load(
        candidate.subject.public_bytes()
    ):
        return False
    return key_id is None or key_id == _key_id(candidate)


def _speaks_for(candidate: x509.Certificate, pinned: Sequence[x509.Certificate]) -> bool:
    """Whether a pinned authority has certified it as an authority's or registration authority's voice."""
    try:
        purposes = candidate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    named = CMC_CA in purposes or CMC_RA in purposes
    return named and any(is_authority(each) and is_issued_by(candidate, each) for each in pinned)


def is_authority(certificate: x509.Certificate) -> bool:
    """RFC 5280, 4.2.1.9."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """By name and by signature."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _may_sign(certificate: x509.Certificate) -> bool:
    """RFC 9483, 3.2: digitalSignature, where key usage is stated."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        return True


def _key_id(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


def _verify(
    signer: x509.Certificate, algorithm: algos.SignedDigestAlgorithm, found: bytes, signed: bytes
) -> None:
    """RSA (PKCS#1 v1.5) or ECDSA with SHA-2 (RFC 9481, 3); everything else is refused."""
    key = signer.public_key()
    name, _, scheme = algorithm["algorithm"].native.partition("_")
    hashed = _HASHES.get(name)
    if hashed is None or not key_of_today(key):
        raise CaAnswerUntrusted("signature")
    try:
        if isinstance(key, rsa.RSAPublicKey) and scheme == "rsa":
            key.verify(found, signed, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and scheme == "ecdsa":
            key.verify(found, signed, ec.ECDSA(hashed))
        else:
            raise CaAnswerUntrusted("signature")
    except InvalidSignature:
        raise CaAnswerUntrusted("signature") from None
