"""The path from a certificate to an anchor of ours (RFC 5280, 6.1), walked by pyhanko-certvalidator.

Nothing is fetched and no status is asked here: addresses inside a certificate are looked at only once its
path holds. Anchors bind by what they say themselves: their validity, path length and name constraints
(RFC 5937).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from asn1crypto import x509 as asn1
from pyhanko_certvalidator import PKIXValidationParams, ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor, TrustQualifiers
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
)
from pyhanko_certvalidator.name_trees import process_general_subtrees
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.validate import async_validate_path

from kilitcoz_portal.trust.algorithms import OfToday
from kilitcoz_portal.trust.anchors import Anchors
from kilitcoz_portal.trust.at_once import at_once
from kilitcoz_portal.trust.errors import (
    CertificateExpired,
    CertificateNotTrusted,
    CertificateNotYetValid,
    CertificatePolicyMissing,
    CertificateWeak,
    TrustError,
)
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.trust.reading import FAULTS, Read

MOST_PATHS = 16  # cross-signed authorities multiply paths; nobody may multiply them without end
ANY_POLICY = "any_policy"  # asn1crypto's name of 2.5.29.32.0


@dataclass(frozen=True)
class TrustedPath:
    """A path that holds: the certificate first, its issuer next, the anchor last; and the policies it is
    valid under, as dotted object identifiers.
    """

    certificates: tuple[Read, ...]
    policies: tuple[str, ...]


def trusted_path(
    certificate: Read, chain: Sequence[Read], anchors: Anchors, policy: TrustPolicy, now: datetime
) -> TrustedPath:
    """The first of the certificate's paths that holds. Raises CertificateNotTrusted, CertificateExpired,
    CertificateNotYetValid, CertificateWeak, CertificatePolicyMissing: what the last path lacked, where none
    holds.
    """
    known = {each.asn1.sha256: each for each in (certificate, *chain, *anchors.intermediates, *anchors.roots)}
    context = _context(chain, anchors, policy, now)
    refusal: TrustError = CertificateNotTrusted("issuer-unknown")
    for path in islice(_candidates(certificate, context), MOST_PATHS):
        try:
            return _walked(path, known, context, policy)
        except TrustError as error:
            refusal = error
    raise refusal


def require_issued_by(issuer: Read, certificate: Read, policy: TrustPolicy, now: datetime) -> None:
    """Raises a TrustError unless `issuer` itself issued the certificate and all of section 6.1 holds for
    this one step.
    """
    alone = Anchors(roots=(issuer,), intermediates=())
    trusted_path(certificate, (), alone, replace(policy, policies=frozenset()), now)


def _candidates(certificate: Read, context: ValidationContext) -> Iterator[ValidationPath]:
    """Paths by names and key identifiers alone; none of them is believed yet."""
    found = context.path_builder.async_build_paths_lazy(certificate.asn1)
    while True:
        try:
            path: ValidationPath = at_once(found.__anext__())
        except (StopAsyncIteration, PathBuildingError, *FAULTS):
            return
        if path.pkix_len > 0:  # an anchor does not vouch for itself
            yield path


def _walked(
    path: ValidationPath, known: dict[bytes, Read], context: ValidationContext, policy: TrustPolicy
) -> TrustedPath:
    try:
        at_once(async_validate_path(context, path, _wanted(policy)))
    except PathValidationError as error:
        raise _translated(error) from None
    except FAULTS:
        raise CertificateNotTrusted("encoding") from None
    found = {each.user_domain_policy_id for each in path.qualified_policies() or ()}
    valid_under = tuple(sorted(found - {ANY_POLICY}))
    if policy.policies and not valid_under:
        raise CertificatePolicyMissing("policy")
    certificates = (known[each.sha256] for each in path.iter_certs(include_root=True))
    return TrustedPath(tuple(certificates)[::-1], valid_under)


def _translated(error: PathValidationError) -> TrustError:
    """Of the holder's own certificate it is told what is wrong; of an authority's, that it is not trusted."""
    for kind, own, reason in (
        (ExpiredError, CertificateExpired, "expired"),
        (NotYetValidError, CertificateNotYetValid, "not-yet-valid"),
        (DisallowedAlgorithmError, CertificateWeak, "signature-algorithm"),
    ):
        if isinstance(error, kind):
            return own(reason) if error.is_ee_cert else CertificateNotTrusted(f"authority-{reason}")
    return CertificateNotTrusted("path", error.failure_msg)


def _wanted(policy: TrustPolicy) -> PKIXValidationParams:
    """6.1.1 (c): the policies of which one must hold."""
    return PKIXValidationParams(user_initial_policy_set=policy.policies or frozenset({ANY_POLICY}))


def _context(
    chain: Sequence[Read], anchors: Anchors, policy: TrustPolicy, now: datetime
) -> ValidationContext:
    return ValidationContext(
        trust_roots=[_anchor(each.asn1, policy) for each in anchors.roots],
        other_certs=[each.asn1 for each in (*chain, *anchors.intermediates)],
        moment=now,
        time_tolerance=policy.clock_skew,
        revocation_mode="none",
        algorithm_usage_policy=OfToday(),
    )


def _anchor(root: asn1.Certificate, policy: TrustPolicy) -> CertTrustAnchor:
    """The wanted policies stand here too: the library does not narrow an anchor's `any` by ours."""
    constraints = root.name_constraints_value
    permitted, excluded = (
        process_general_subtrees(constraints[name])
        if constraints is not None and isinstance(constraints[name], asn1.GeneralSubtrees)
        else None
        for name in ("permitted_subtrees", "excluded_subtrees")
    )
    longest = root.max_path_length
    qualifiers = TrustQualifiers(
        standard_parameters=replace(
            _wanted(policy), initial_permitted_subtrees=permitted, initial_excluded_subtrees=excluded
        ),
        max_path_length=longest,
        max_aa_path_length=longest,
        valid_from=root.not_valid_before - policy.clock_skew,
        valid_until=root.not_valid_after + policy.clock_skew,
    )
    return CertTrustAnchor(root, qualifiers)
