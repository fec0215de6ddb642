"""A complete CRL (RFC 5280, 5), judged in the order of section 6.3.3: one function for each rule.

The list of the certificate's own issuer, signed by the key that signed the certificate, for all reasons.
Indirect lists, lists of some reasons and delta lists are not used: nobody whom we trust here needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography import x509

from kilitcoz_portal.trust.algorithms import hash_of_today, key_of_today
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.trust.reading import FAULTS, Read
from kilitcoz_portal.trust.verdicts import DoesNotCount, State, Verdict

_UNDERSTOOD = (x509.IssuingDistributionPoint, x509.AuthorityKeyIdentifier, x509.CRLNumber)
_UNDERSTOOD_IN_ENTRIES = (x509.CRLReason, x509.InvalidityDate)


def judge(
    raw: bytes,
    certificate: Read,
    issuer: Read,
    policy: TrustPolicy,
    now: datetime,
    *,
    stale: timedelta = timedelta(0),
) -> Verdict:
    """What the list (DER or PEM) says of the certificate. Past its nextUpdate it counts while it is younger
    than `stale`. Raises DoesNotCount: the first rule that is not kept.
    """
    try:
        found = read(raw)
        _of_issuer(found, issuer)
        _extensions(found)
        _in_scope(found, certificate)
        _signed(found, issuer)
        _recent(found, now, policy.clock_skew, stale)
        entry = found.get_revoked_certificate_by_serial_number(certificate.pyca.serial_number)
        state, since = _state(entry), entry.revocation_date_utc if entry is not None else None
        return Verdict(state, "crl", found.last_update_utc, found.next_update_utc, since, _reason(entry))
    except FAULTS:
        raise DoesNotCount("crl-malformed") from None


def read(raw: bytes) -> x509.CertificateRevocationList:
    """A list in DER or PEM. Raises ValueError."""
    pem = raw.lstrip().startswith(b"-----BEGIN")
    return x509.load_pem_x509_crl(raw) if pem else x509.load_der_x509_crl(raw)


def points_of(certificate: x509.Certificate) -> Iterator[x509.DistributionPoint]:
    """4.2.1.13: where the certificate says that its issuer's list for all reasons is."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return
    yield from (each for each in found if each.crl_issuer is None and each.reasons is None)


def _of_issuer(found: x509.CertificateRevocationList, issuer: Read) -> None:
    """(b) (1): the issuer's own list, not an indirect one."""
    if found.issuer != issuer.pyca.subject:
        raise DoesNotCount("crl-other-issuer")


def _extensions(found: x509.CertificateRevocationList) -> None:
    """5.2: what is critical must be understood; a delta list (5.2.4) is critical by its nature."""
    if any(each.critical and not isinstance(each.value, _UNDERSTOOD) for each in found.extensions):
        raise DoesNotCount("crl-critical-extension")


def _in_scope(found: x509.CertificateRevocationList, certificate: Read) -> None:
    """(b) (2): the issuing distribution point covers this certificate."""
    try:
        scope = found.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return
    wrong_kind = scope.only_contains_user_certs if certificate.asn1.ca else scope.only_contains_ca_certs
    partial = scope.indirect_crl or scope.only_contains_attribute_certs or scope.only_some_reasons is not None
    if wrong_kind or partial or scope.relative_name is not None:
        raise DoesNotCount("crl-scope")
    named = {name for point in points_of(certificate.pyca) for name in point.full_name or ()}
    if scope.full_name is not None and not named & set(scope.full_name):
        raise DoesNotCount("crl-scope")


def _signed(found: x509.CertificateRevocationList, issuer: Read) -> None:
    """(f), (g): by the issuer's key, which may sign lists, and an algorithm of today."""
    usage = issuer.asn1.key_usage_value
    if usage is not None and "crl_sign" not in usage.native:
        raise DoesNotCount("crl-issuer-key-usage")
    algorithm = found.signature_hash_algorithm
    if algorithm is not None and not hash_of_today(algorithm.name):
        raise DoesNotCount("crl-signature-weak")
    key = issuer.pyca.public_key()
    if not key_of_today(key) or not found.is_signature_valid(key):
        raise DoesNotCount("crl-signature")


def _recent(found: x509.CertificateRevocationList, now: datetime, skew: timedelta, stale: timedelta) -> None:
    """5.1.2.4, 5.1.2.5: issued, and its successor is not due yet, or it is still young enough."""
    if found.last_update_utc > now + skew:
        raise DoesNotCount("crl-not-yet")
    if found.next_update_utc is None:
        raise DoesNotCount("crl-without-next-update")
    if now >= max(found.next_update_utc, found.last_update_utc + stale):
        raise DoesNotCount("crl-stale")


def _state(entry: x509.RevokedCertificate | None) -> State:
    """(i), (j): listed, and why. A revocation counts from the moment it is told, whatever its date."""
    if entry is None:
        return State.GOOD
    if any(each.critical and not isinstance(each.value, _UNDERSTOOD_IN_ENTRIES) for each in entry.extensions):
        return State.REVOKED  # 5.3: an entry that is not understood still lists the certificate
    on_hold = _reason(entry) is x509.ReasonFlags.certificate_hold
    return State.ON_HOLD if on_hold else State.REVOKED


def _reason(entry: x509.RevokedCertificate | None) -> x509.ReasonFlags | None:
    """5.3.1, where it is told."""
    if entry is None:
        return None
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None
