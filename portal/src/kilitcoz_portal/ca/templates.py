"""What all certificates of one profile and one issuer have in common, encoded once (RFC 5280, 4.1).

The encoding is pyca's: a sample is built and signed with a stand-in's key, and taken apart. A test holds what
is put together here to what the builder would have made, byte for byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kilitcoz_cards.tlv import encode, encode_all, parse, require
from kilitcoz_portal.ca.encoding import SEQUENCE, encode_integer, encode_time
from kilitcoz_portal.ca.extensions import Addresses, extensions
from kilitcoz_portal.ca.profiles import PROFILES, ProfileName
from kilitcoz_portal.ca.qualified import QcStatements
from kilitcoz_portal.ca.signing import Issuer, SubjectKey

EXTENSIONS = 0xA3
_SUBJECT_KEY_IDENTIFIER = bytes.fromhex("0603551d0e")
_IDENTIFIER_BYTES = 20  # SHA-1, 4.2.1.2 method 1
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Template:
    """DER. `issued_by`: signature algorithm and issuer; `before` and `after`: the extensions around the
    octets of the subject key identifier.
    """

    version: bytes
    issued_by: bytes
    before: bytes
    after: bytes
    algorithm: bytes

    def tbs(
        self,
        serial_number: int,
        validity: tuple[datetime, datetime],
        subject: x509.Name,
        public_key: SubjectKey,
    ) -> bytes:
        """TBSCertificate (4.1.2)."""
        key = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        extensions = encode(SEQUENCE, self.before + _identifier(key) + self.after)
        fields = (
            self.version,
            encode_integer(serial_number),
            self.issued_by,
            encode(SEQUENCE, encode_time(validity[0]) + encode_time(validity[1])),
            subject.public_bytes(),
            key,
            encode(EXTENSIONS, extensions),
        )
        return encode(SEQUENCE, b"".join(fields))


@lru_cache(maxsize=64)
def template(
    profile: ProfileName, issuer: Issuer, addresses: Addresses | None, statements: QcStatements | None
) -> Template:
    """For the certificates of this profile that `issuer` signs."""
    sample = _sample(profile, issuer, addresses, statements)
    version, _, algorithm, name, _, _, _, extensions = parse(require(sample.tbs_certificate_bytes, SEQUENCE))
    before, after = _around_identifier(require(extensions.value, SEQUENCE))
    encoded = encode(*algorithm)
    return Template(encode(*version), encoded + encode(*name), before, after, encoded)


def _sample(
    profile: ProfileName, issuer: Issuer, addresses: Addresses | None, statements: QcStatements | None
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(issuer.name)
        .issuer_name(issuer.name)
        .public_key(issuer.stand_in.public_key())
        .serial_number(1)
        .not_valid_before(_SOME_DAY)
        .not_valid_after(_SOME_DAY + timedelta(days=1))
    )
    issuer_key = issuer.public_key if issuer.certificate is not None else None
    for extension, critical in extensions(
        PROFILES[profile], issuer.stand_in.public_key(), issuer_key, addresses, statements
    ):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer.stand_in, issuer.hash)


def _around_identifier(listed: bytes) -> tuple[bytes, bytes]:
    """Of the elements of Extensions: what stands before the subject key identifier's octets, and behind."""
    found = parse(listed)
    at = next(index for index, each in enumerate(found) if each.value.startswith(_SUBJECT_KEY_IDENTIFIER))
    return encode_all(found[: at + 1])[:-_IDENTIFIER_BYTES], encode_all(found[at + 1 :])


def _identifier(key: bytes) -> bytes:
    """SHA-1 of the bits of subjectPublicKey (4.2.1.2, method 1)."""
    algorithm = _header(key, 0)
    bits = algorithm + 2 + key[algorithm + 1]
    return hashlib.sha1(key[_header(key, bits) + 1 :], usedforsecurity=False).digest()


def _header(der: bytes, at: int) -> int:
    """Where the value of the object at this place begins."""
    return at + 2 + (der[at + 1] & 0x7F if der[at + 1] & 0x80 else 0)
