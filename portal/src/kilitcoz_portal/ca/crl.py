"""A complete CRL (RFC 5280, 5), put together from entries that are already encoded.

An entry is made when a certificate's state changes; a list of a million entries is then a matter of joining
and signing. The frame around the entries is pyca's; what is signed here is that frame with the entries in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kilitcoz_cards.tlv import encode, encode_all, header, parse, require
from kilitcoz_portal.ca import signing
from kilitcoz_portal.ca.encoding import (
    SEQUENCE,
    encode_extension,
    encode_generalized_time,
    encode_integer,
    encode_time,
)
from kilitcoz_portal.ca.signing import BIT_STRING, Issuer

# ETSI EN 319 411-1, 6.3.9: how far away nextUpdate may be, for holders' certificates and for authorities'.
LONGEST_LIFE = timedelta(hours=24)
LONGEST_LIFE_OF_AUTHORITIES = timedelta(days=366)
ENUMERATED = 0x0A
# RFC 5280, 5.3.1. `unspecified` is said by leaving the reason out; removeFromCRL belongs into delta lists.
REASONS = {
    x509.ReasonFlags.key_compromise: 1,
    x509.ReasonFlags.ca_compromise: 2,
    x509.ReasonFlags.affiliation_changed: 3,
    x509.ReasonFlags.superseded: 4,
    x509.ReasonFlags.cessation_of_operation: 5,
    x509.ReasonFlags.certificate_hold: 6,
    x509.ReasonFlags.privilege_withdrawn: 9,
    x509.ReasonFlags.aa_compromise: 10,
}
_CRL_REASON = bytes.fromhex("0603551d15")  # 2.5.29.21
_EXPIRED_CERTS_ON_CRL = x509.ObjectIdentifier("2.5.29.60")
_INVALIDITY_DATE = bytes.fromhex("0603551d18")  # 2.5.29.24


@dataclass(frozen=True)
class Revoked:
    """One certificate that is not good. `invalid_since`: when its key was lost, if before that (5.3.2)."""

    serial_number: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified
    invalid_since: datetime | None = None


@dataclass(frozen=True)
class Edition:
    """One issue of the list. `number` grows with each (5.2.3). `address`: the issuing distribution point.
    `of_authorities`: a root's, of authorities' certificates alone. `keeps_since`: what has expired since then
    is still on the list (X.509, 9.5.2.8, expiredCertsOnCRL), for a qualified certificate's status is told
    beyond its end (ETSI EN 319 411-2, 6.3.10).
    """

    number: int
    this_update: datetime
    next_update: datetime
    address: str
    of_authorities: bool = False
    keeps_since: datetime | None = None

    def __post_init__(self) -> None:
        longest = LONGEST_LIFE_OF_AUTHORITIES if self.of_authorities else LONGEST_LIFE
        if not timedelta(0) < self.next_update - self.this_update <= longest:
            raise ValueError("a list lives at most 24 hours, a root's a year")


def entry(revoked: Revoked) -> bytes:
    """The certificate's element of revokedCertificates (5.1.2.6), DER."""
    extensions = b""
    if revoked.reason is not x509.ReasonFlags.unspecified:
        extensions += encode_extension(_CRL_REASON, encode(ENUMERATED, bytes((REASONS[revoked.reason],))))
    if revoked.invalid_since is not None:
        extensions += encode_extension(_INVALIDITY_DATE, encode_generalized_time(revoked.invalid_since))
    fields = encode_integer(revoked.serial_number) + encode_time(revoked.at)
    return encode(SEQUENCE, fields + (encode(SEQUENCE, extensions) if extensions else b""))


@dataclass(frozen=True)
class Around:
    """A signed list without its entries: what stands before them and behind, DER. Entries of a million
    certificates need not be kept a second time.
    """

    before: bytes
    after: bytes

    def whole(self, entries: bytes) -> bytes:
        """The list."""
        return b"".join((self.before, entries, self.after))


def sign(entries: bytes, edition: Edition, issuer: Issuer) -> Around:
    """A list of these entries, one after another in any order."""
    tbs, algorithm, _ = parse(require(_frame(edition, issuer), SEQUENCE))
    *fields, extensions = parse(tbs.value)
    # revokedCertificates stands between nextUpdate and the extensions, which are last (5.1).
    before = encode_all(fields) + (header(SEQUENCE, len(entries)) if entries else b"")
    after = encode(*extensions)
    before = header(SEQUENCE, len(before) + len(entries) + len(after)) + before
    signature = signing.signature(b"".join((before, entries, after)), issuer)
    signed = after + encode(*algorithm) + encode(BIT_STRING, b"\x00" + signature)
    return Around(header(SEQUENCE, len(before) + len(entries) + len(signed)) + before, signed)


def assemble(entries: Iterable[bytes], edition: Edition, issuer: Issuer) -> bytes:
    """The signed list, DER. `entries`: pieces of one or more encoded entries."""
    body = b"".join(entries)
    return sign(body, edition, issuer).whole(body)


def _frame(edition: Edition, issuer: Issuer) -> bytes:
    """The list without entries, signed by a stand-in. A root's names no distribution point, as the root
    itself has none (5.2.5).
    """
    scope = x509.IssuingDistributionPoint(
        full_name=None if edition.of_authorities else [x509.UniformResourceIdentifier(edition.address)],
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=edition.of_authorities,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.name)
        .last_update(edition.this_update)
        .next_update(edition.next_update)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key), critical=False)
        .add_extension(x509.CRLNumber(edition.number), critical=False)
        .add_extension(scope, critical=True)
    )
    if edition.keeps_since is not None:
        kept = x509.UnrecognizedExtension(_EXPIRED_CERTS_ON_CRL, encode_generalized_time(edition.keeps_since))
        builder = builder.add_extension(kept, critical=False)
    return builder.sign(issuer.stand_in, issuer.hash).public_bytes(Encoding.DER)
