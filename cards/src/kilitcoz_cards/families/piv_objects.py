"""What a PIV card's data objects hold (SP 800-73-4 part 1, 3 and appendix A; part 2, 3.1.2): reading and
making them.

Certificates are read as bytes: what they say is for those who check them.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kilitcoz_cards.errors import CardMalformed, UnknownCard
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.tlv import encode, find, find_in_prefix, require

CHUID = 0x5FC102
CCC = 0x5FC107
CERTIFICATES: Mapping[str, int] = MappingProxyType(
    {"9a": 0x5FC105, "9c": 0x5FC10A, "9d": 0x5FC10B, "9e": 0x5FC101}
    | {f"{0x82 + number:02x}": 0x5FC10D + number for number in range(20)}  # retired key management keys
)
"""Slot → data object of its X.509 certificate (part 1, table 3)."""

ALGORITHM_IDENTIFIERS: Mapping[KeyAlgorithm, int] = MappingProxyType(
    {
        KeyAlgorithm.ECC_P256: 0x11,
        KeyAlgorithm.RSA_2048: 0x07,
        KeyAlgorithm.ECC_P384: 0x14,
        KeyAlgorithm.RSA_3072: 0x05,
    }
)
"""SP 800-78-5, table 6-2, in the order in which a card that does not tell is asked: most common first."""

DATA, GUID = 0x53, 0x34
FASC_N, EXPIRATION_DATE, ISSUER_SIGNATURE, ERROR_DETECTION = 0x30, 0x35, 0x3E, 0xFE
CERTIFICATE, CERT_INFO = 0x70, 0x71
NOT_FEDERAL = bytes.fromhex("d4e739da739ced39ce739d836858210842108421c84210c3eb")  # FASC-N of agency 9999
WITHOUT_END = b"20991231"  # the card has no date of its own: its certificates have theirs
CERT_INFO_COMPRESSED = 0x01  # part 1, appendix A, table 10 ff.: bit 1 of CertInfo: the certificate is gzip'd
METADATA_ALGORITHM, METADATA_POLICY = 0x01, 0x02
POLICY_FREE = (0x00, 0x01)  # default of 9E, or "never": neither a PIN nor a touch is asked for
MAX_CERTIFICATE = 65536
GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Chuid:
    """The Card Holder Unique Identifier: of its members, the one that names the card. `guid`: 16 bytes."""

    guid: bytes

    @classmethod
    def from_object(cls, raw: bytes) -> "Chuid":
        """From the beginning of GET DATA's answer; behind the GUID comes the issuer's long signature.

        Raises UnknownCard where the GUID is missing or all zeros, CardMalformed where it is not 16 bytes.
        """
        guid = find_in_prefix(raw, DATA, GUID)
        if guid is None or not any(guid):
            raise UnknownCard("no GUID to know the card by")
        if len(guid) != 16:
            raise CardMalformed("a GUID is 16 bytes")
        return cls(guid)


def chuid_object(guid: bytes) -> bytes:
    """A CHUID of this GUID (16 bytes, not all zeros), unsigned. ValueError for another."""
    if len(guid) != 16 or not any(guid):
        raise ValueError("a GUID is 16 bytes, not all zeros")
    members = {FASC_N: NOT_FEDERAL, GUID: guid, EXPIRATION_DATE: WITHOUT_END}
    members |= {ISSUER_SIGNATURE: b"", ERROR_DETECTION: b""}
    return b"".join(encode(tag, value) for tag, value in members.items())


def ccc_object(guid: bytes) -> bytes:
    """A Card Capability Container (part 1, 3.1.1 and table 8): mandatory, and read by old middleware only."""
    identifier = bytes.fromhex("a000000116ff02") + guid[:14]
    members = {0xF0: identifier, 0xF1: b"\x21", 0xF2: b"\x21", 0xF4: b"\x00", 0xF5: b"\x10"}
    tags = (0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, ERROR_DETECTION)
    return b"".join(encode(tag, members.get(tag, b"")) for tag in tags)


def certificate_object(der: bytes) -> bytes:
    """A certificate as PIV stores it (part 1, table 10 ff.): not compressed."""
    return encode(CERTIFICATE, der) + encode(CERT_INFO, b"\x00") + encode(ERROR_DETECTION, b"")


def certificate_of(raw: bytes) -> bytes | None:
    """The DER certificate in GET DATA's answer, unzipped where CertInfo says so; None for an empty object."""
    content = require(raw, DATA)
    stored = find(content, CERTIFICATE)
    if not stored:
        return None
    info = find(content, CERT_INFO)
    return _gunzip(stored) if info and info[0] & CERT_INFO_COMPRESSED else stored


def _gunzip(stored: bytes) -> bytes:
    """RFC 1952, at most MAX_CERTIFICATE bytes: a card may lie."""
    inflate = zlib.decompressobj(GZIP)
    try:
        der = inflate.decompress(stored, MAX_CERTIFICATE)
    except zlib.error:
        raise CardMalformed("a certificate that does not unzip") from None
    if not inflate.eof:
        raise CardMalformed("a certificate cut off or too long")
    return der


def card_key_in_metadata(metadata: bytes) -> KeyAlgorithm | None:
    """The algorithm of 9E by the beginning of its metadata (INS F7); the public key comes last.

    None where it is not ours, or needs a PIN or a touch.
    """
    identifier = find_in_prefix(metadata, METADATA_ALGORITHM)
    policy = find_in_prefix(metadata, METADATA_POLICY)
    if policy is not None and any(each not in POLICY_FREE for each in policy):
        return None
    for algorithm, number in ALGORITHM_IDENTIFIERS.items():
        if identifier == bytes((number,)):
            return algorithm
    return None
