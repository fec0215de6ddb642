"""The signed attributes of a PAdES signature (ETSI EN 319 142-1, 6.3): contentType, messageDigest and
signingCertificateV2, and nothing else.

Document and certificate leave no byte of them open. So both sides make them, and the card service signs those
that it made itself: a portal that asks for another byte is refused.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from kilitcoz_cards.authentication import SignatureAlgorithm
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.tlv import encode

SEQUENCE, SET, OBJECT_IDENTIFIER, OCTET_STRING = 0x30, 0x31, 0x06, 0x04
ID_DATA = bytes.fromhex("2a864886f70d010701")  # RFC 5652, 4
CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")  # 11.1
MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")  # 11.2
SIGNING_CERTIFICATE_V2 = bytes.fromhex("2a864886f70d010910022f")  # RFC 5035, 3

ALGORITHM_OF: Mapping[KeyAlgorithm, SignatureAlgorithm] = MappingProxyType(
    {
        KeyAlgorithm.ECC_P256: SignatureAlgorithm.ES256,
        KeyAlgorithm.ECC_P384: SignatureAlgorithm.ES384,
        KeyAlgorithm.RSA_2048: SignatureAlgorithm.RS256,
        KeyAlgorithm.RSA_3072: SignatureAlgorithm.RS256,
    }
)
"""Key → how it signs a document; the document is hashed by the same hash (RFC 5652, 5.4)."""


def make(document_hash: bytes, certificate: bytes) -> bytes:
    """The DER of SignedAttributes as it is signed: a SET OF in the order of its encodings (RFC 5652, 5.4).

    `document_hash`: of the bytes that the signature covers; `certificate`: the signer's, DER.
    """
    attributes = (
        _attribute(CONTENT_TYPE, encode(OBJECT_IDENTIFIER, ID_DATA)),
        _attribute(MESSAGE_DIGEST, encode(OCTET_STRING, document_hash)),
        _attribute(SIGNING_CERTIFICATE_V2, _signing_certificate(certificate)),
    )
    return encode(SET, b"".join(sorted(attributes)))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return encode(SEQUENCE, encode(OBJECT_IDENTIFIER, kind) + encode(SET, value))


def _signing_certificate(certificate: bytes) -> bytes:
    """SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }: SHA-256 is the default and not written."""
    identifier = encode(SEQUENCE, encode(OCTET_STRING, hashlib.sha256(certificate).digest()))
    return encode(SEQUENCE, encode(SEQUENCE, identifier))
