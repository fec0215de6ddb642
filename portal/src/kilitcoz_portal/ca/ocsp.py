"""OCSP (RFC 6960, RFC 5019): reading a request, and answers that are signed ahead of it.

An answer without nonce is a function of one certificate's state and the time, so that it can be made when the
state changes and served until its nextUpdate; one with a nonce (RFC 9654) is made for its request alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from kilitcoz_cards.tlv import encode, encode_all, parse, require
from kilitcoz_portal.ca import signing
from kilitcoz_portal.ca.encoding import (
    OCTET_STRING,
    SEQUENCE,
    encode_extension,
    encode_generalized_time,
)
from kilitcoz_portal.ca.signing import Issuer

MOST_REQUEST_BYTES = 8 * 1024
EXPLICIT_0, EXPLICIT_1, EXPLICIT_2 = 0xA0, 0xA1, 0xA2
_ARCHIVE_CUTOFF = bytes.fromhex("06092b0601050507300106")  # id-pkix-ocsp-archive-cutoff, 1.3.6.1.5.5.7.48.1.6
MOST_SERIAL_BITS = 160  # RFC 5280, 4.1.2.2
NONCE_BYTES = range(1, 129)  # RFC 9654, 2.1
LIFE = timedelta(hours=1)
HASHES: dict[str, type[hashes.HashAlgorithm]] = {"sha1": hashes.SHA1, "sha256": hashes.SHA256}


class RequestMalformed(Exception):  # noqa: N818 - named after what is wrong, as all errors here
    """Not a request, or for more than one certificate, or larger than MOST_REQUEST_BYTES."""


@dataclass(frozen=True)
class Question:
    """One certificate that is asked about: certID, and the nonce if there is one."""

    serial_number: int
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    hash_name: str
    nonce: bytes | None = None

    @cached_property
    def cert_id(self) -> bytes:
        """32 bytes that stand for the certID, under which an answer to it is kept."""
        parts = (self.hash_name.encode(), self.issuer_name_hash, self.issuer_key_hash)
        serial = self.serial_number.to_bytes(MOST_SERIAL_BITS // 8)
        return hashlib.sha256(b"".join((*parts, serial))).digest()


@dataclass(frozen=True)
class State:
    """What there is to say. Neither `good` nor revoked: we have issued no such certificate (`unknown`)."""

    good: bool
    revoked_at: datetime | None = None
    reason: x509.ReasonFlags | None = None

    @property
    def cert_status(self) -> ocsp.OCSPCertStatus:
        """4.2.1's CertStatus."""
        if self.revoked_at is not None:
            return ocsp.OCSPCertStatus.REVOKED
        return ocsp.OCSPCertStatus.GOOD if self.good else ocsp.OCSPCertStatus.UNKNOWN


@dataclass(frozen=True)
class Responder:
    """Who signs the answers for one issuer, by the certificate that the issuer gave it (4.2.2.2)."""

    signer: Issuer
    certificate: x509.Certificate
    issuer: x509.Certificate = field(repr=False)

    @cached_property
    def identifier(self) -> bytes:
        """ResponderID byKey (4.2.1), DER: the shorter one, as RFC 5019, 2.2.2 wants it."""
        digest = x509.SubjectKeyIdentifier.from_public_key(self.signer.public_key).digest
        return encode(EXPLICIT_2, encode(OCTET_STRING, digest))

    @cached_property
    def kept_since(self) -> bytes:
        """singleExtensions with ArchiveCutoff (4.4.4), DER: no status was ever dropped, and signatures can be
        judged long after their certificates ended (ETSI EN 319 411-2, CSS-6.3.10-08: the issuer's notBefore).
        """
        since = encode_generalized_time(self.issuer.not_valid_before_utc)
        return encode(EXPLICIT_1, encode(SEQUENCE, encode_extension(_ARCHIVE_CUTOFF, since)))

    @cached_property
    def certificates(self) -> bytes:
        """What stands behind the signature (4.2.1), DER."""
        return encode(EXPLICIT_0, encode(SEQUENCE, self.certificate.public_bytes(Encoding.DER)))


def read(raw: bytes) -> Question:
    """4.1.1; a single request, as RFC 5019, 2.1.1 asks. Raises RequestMalformed."""
    if len(raw) > MOST_REQUEST_BYTES:
        raise RequestMalformed
    try:
        request = ocsp.load_der_ocsp_request(raw)
        question = Question(
            request.serial_number,
            request.issuer_name_hash,
            request.issuer_key_hash,
            request.hash_algorithm.name,
            _nonce(request),
        )
    except (ValueError, NotImplementedError, x509.UnsupportedGeneralNameType):
        raise RequestMalformed from None
    if not _well_formed(question):
        raise RequestMalformed
    return question


def _well_formed(question: Question) -> bool:
    """A hash that we know, hashes of its length, a serial number such as certificates have."""
    if question.hash_name not in HASHES or not 0 <= question.serial_number < 1 << MOST_SERIAL_BITS:
        return False
    length = HASHES[question.hash_name]().digest_size
    return len(question.issuer_name_hash) == len(question.issuer_key_hash) == length


def answer(
    question: Question, state: State, responder: Responder, now: datetime, life: timedelta = LIFE
) -> bytes:
    """The signed answer (4.2.1), DER, to be believed until `now` and `life`; with the question's nonce."""
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        question.issuer_name_hash,
        question.issuer_key_hash,
        question.serial_number,
        HASHES[question.hash_name](),
        state.cert_status,
        now,
        now + life,
        state.revoked_at,
        state.reason if state.revoked_at is not None else None,
    )
    return _signed(builder, responder, question.nonce)


def _signed(builder: ocsp.OCSPResponseBuilder, responder: Responder, nonce: bytes | None) -> bytes:
    """By key, with the responder's certificate. The builder makes no extension of a single response and takes
    no certificate of another key than the one it signs with: identifier and certificate are the stand-in's,
    and replaced with its signature.
    """
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, _stand_in(responder.signer))
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    made = builder.sign(responder.signer.stand_in, responder.signer.hash)
    status, body = parse(require(made.public_bytes(Encoding.DER), SEQUENCE))
    kind, basic = parse(require(body.value, SEQUENCE))
    tbs, algorithm, _ = parse(require(basic.value, SEQUENCE))
    _, produced_at, responses, *extensions = parse(tbs.value)
    single = encode(SEQUENCE, require(responses.value, SEQUENCE) + responder.kept_since)
    parts = (responder.identifier, encode(*produced_at), encode(SEQUENCE, single), encode_all(extensions))
    answered = encode(SEQUENCE, b"".join(parts))
    signed = signing.signed(answered, encode(*algorithm), responder.signer, responder.certificates)
    inside = encode(SEQUENCE, encode(*kind) + encode(OCTET_STRING, signed))
    return encode(SEQUENCE, encode(*status) + encode(EXPLICIT_0, inside))


@lru_cache(maxsize=4)
def _stand_in(signer: Issuer) -> x509.Certificate:
    """A certificate for the key that the builder signs with; it goes nowhere."""
    key, day = signer.stand_in, datetime(2026, 1, 1, tzinfo=UTC)
    name = x509.Name([])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + LIFE)
    return builder.sign(key, signer.hash)


def refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    """An unsigned error (2.3): malformed_request, internal_error, try_later, unauthorized."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _nonce(request: ocsp.OCSPRequest) -> bytes | None:
    for extension in request.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            if len(extension.value.nonce) not in NONCE_BYTES:
                raise RequestMalformed
            return extension.value.nonce
        if extension.critical:
            raise RequestMalformed
    return None
