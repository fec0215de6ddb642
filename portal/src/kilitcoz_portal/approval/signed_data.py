"""The CMS signature that goes into the PDF (RFC 5652, 5), written as DER piece by piece.

Not by asn1crypto: what holds a time stamp, which holds a signature, which holds certificates, takes that
library half a minute to write, now and then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import core, x509
from asn1crypto.algos import DigestAlgorithm, SignedDigestAlgorithm

from kilitcoz_cards.authentication import SignatureAlgorithm
from kilitcoz_cards.signed_attributes import ID_DATA, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET
from kilitcoz_cards.tlv import encode, require

EXPLICIT_0 = SIGNED_ATTRIBUTES = CERTIFICATES = 0xA0
UNSIGNED_ATTRIBUTES = 0xA1
ID_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
ID_TIME_STAMP_TOKEN = bytes.fromhex("2a864886f70d010910020e")  # RFC 3161, appendix A
VERSION_1 = core.Integer(1).dump()
_MECHANISMS = {
    SignatureAlgorithm.ES256: "sha256_ecdsa",
    SignatureAlgorithm.ES384: "sha384_ecdsa",
    SignatureAlgorithm.RS256: "sha256_rsa",
}


@dataclass(frozen=True)
class Signature:
    """What a card signed, and by which certificate (DER); `chain`: its issuers, as far as they are known.

    `attributes` is the DER of signed_attributes.make.
    """

    attributes: bytes
    value: bytes
    algorithm: SignatureAlgorithm
    certificate: bytes
    chain: Sequence[bytes] = ()


def write(signature: Signature, timestamp: bytes | None = None) -> bytes:
    """ContentInfo, DER; B-T where there is a time stamp (token, DER) of `signature.value`."""
    digest = DigestAlgorithm({"algorithm": signature.algorithm.hash_name}).dump()
    certificates = sorted({signature.certificate, *signature.chain})
    signed_data = encode(
        SEQUENCE,
        VERSION_1
        + encode(SET, digest)
        + encode(SEQUENCE, encode(OBJECT_IDENTIFIER, ID_DATA))
        + encode(CERTIFICATES, b"".join(certificates))
        + encode(SET, _signer_info(signature, digest, timestamp)),
    )
    return encode(SEQUENCE, encode(OBJECT_IDENTIFIER, ID_SIGNED_DATA) + encode(EXPLICIT_0, signed_data))


def _signer_info(signature: Signature, digest: bytes, timestamp: bytes | None) -> bytes:
    signer = x509.Certificate.load(signature.certificate)
    named = encode(SEQUENCE, signer.issuer.dump() + core.Integer(signer.serial_number).dump())
    mechanism = SignedDigestAlgorithm({"algorithm": _MECHANISMS[signature.algorithm]}).dump()
    return encode(
        SEQUENCE,
        VERSION_1
        + named
        + digest
        + encode(SIGNED_ATTRIBUTES, require(signature.attributes, SET))
        + mechanism
        + encode(OCTET_STRING, signature.value)
        + (_unsigned_attributes(timestamp) if timestamp is not None else b""),
    )


def _unsigned_attributes(timestamp: bytes) -> bytes:
    attribute = encode(OBJECT_IDENTIFIER, ID_TIME_STAMP_TOKEN) + encode(SET, timestamp)
    return encode(UNSIGNED_ATTRIBUTES, encode(SEQUENCE, attribute))
