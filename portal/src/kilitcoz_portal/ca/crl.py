"""A complete CRL (RFC 5280, 5), put together from entries that are already encoded.

An entry is made when a certificate's state changes; a list of a million entries is then a matter of joining
and signing. The frame around the entries is pyca's; what is signed here is that frame with the entries in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import core
from asn1crypto import crl as asn1_crl
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kilitcoz_cards.tlv import encode, encode_all, parse, require
from kilitcoz_portal.ca import signing
from kilitcoz_portal.ca.signing import SEQUENCE, Issuer

# ETSI EN 319 411-1, 6.3.9: how far away nextUpdate may be, for holders' certificates and for authorities'.
LONGEST_LIFE = timedelta(hours=24)
LONGEST_LIFE_OF_AUTHORITIES = timedelta(days=366)
_MOST_IN_UTC_TIME = 2050  # RFC 5280, 4.1.2.5
# RFC 5280, 5.3.1, in asn1crypto's words. `unspecified` is said by leaving the reason out; removeFromCRL
# belongs into delta lists.
REASONS = {
    x509.ReasonFlags.key_compromise: "key_compromise",
    x509.ReasonFlags.ca_compromise: "ca_compromise",
    x509.ReasonFlags.affiliation_changed: "affiliation_changed",
    x509.ReasonFlags.superseded: "superseded",
    x509.ReasonFlags.cessation_of_operation: "cessation_of_operation",
    x509.ReasonFlags.certificate_hold: "certificate_hold",
    x509.ReasonFlags.privilege_withdrawn: "privilege_withdrawn",
    x509.ReasonFlags.aa_compromise: "aa_compromise",
}


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
    `of_authorities`: a root's, of authorities' certificates alone.
    """

    number: int
    this_update: datetime
    next_update: datetime
    address: str
    of_authorities: bool = False

    def __post_init__(self) -> None:
        longest = LONGEST_LIFE_OF_AUTHORITIES if self.of_authorities else LONGEST_LIFE
        if not timedelta(0) < self.next_update - self.this_update <= longest:
            raise ValueError("a list lives at most 24 hours, a root's a year")


def entry(revoked: Revoked) -> bytes:
    """The certificate's element of revokedCertificates (5.1.2.6), DER."""
    extensions: list[dict[str, object]] = []
    if revoked.reason is not x509.ReasonFlags.unspecified:
        extensions.append({"extn_id": "crl_reason", "extn_value": REASONS[revoked.reason]})
    if revoked.invalid_since is not None:
        extensions.append({"extn_id": "invalidity_date", "extn_value": revoked.invalid_since})
    row: dict[str, object] = {"user_certificate": revoked.serial_number, "revocation_date": _time(revoked.at)}
    if extensions:
        row["crl_entry_extensions"] = extensions
    return bytes(asn1_crl.RevokedCertificate(row).dump())


def assemble(entries: Iterable[bytes], edition: Edition, issuer: Issuer) -> bytes:
    """The signed list, DER. `entries`: pieces of one or more encoded entries, in any order."""
    tbs, algorithm, _ = parse(require(_frame(edition, issuer), SEQUENCE))
    body = b"".join(entries)
    listed = _with_entries(tbs.value, encode(SEQUENCE, body) if body else b"")
    return signing.signed(listed, encode(*algorithm), issuer)


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
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.name)
        .last_update(edition.this_update)
        .next_update(edition.next_update)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key), critical=False)
        .add_extension(x509.CRLNumber(edition.number), critical=False)
        .add_extension(scope, critical=True)
        .sign(issuer.stand_in, issuer.hash)
        .public_bytes(Encoding.DER)
    )


def _with_entries(fields: bytes, entries: bytes) -> bytes:
    """revokedCertificates stands between nextUpdate and the extensions, which are last (5.1)."""
    *before, extensions = parse(fields)
    return encode(SEQUENCE, b"".join((encode_all(before), entries, encode(*extensions))))


def _time(moment: datetime) -> core.UTCTime | core.GeneralizedTime:
    whole = moment.replace(microsecond=0)
    kind = core.UTCTime if whole.year < _MOST_IN_UTC_TIME else core.GeneralizedTime
    return kind(whole)
