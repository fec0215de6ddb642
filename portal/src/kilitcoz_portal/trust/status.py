"""Is every certificate of a path still good (RFC 5280, 6.1.3 (a) (3))? Authorities first, the holder's own
last.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from kilitcoz_portal.trust.errors import (
    CertificateRevoked,
    CertificateStatusUnknown,
    CertificateSuspended,
    TrustError,
)
from kilitcoz_portal.trust.inquiry import Inquiry
from kilitcoz_portal.trust.paths import TrustedPath
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.trust.reading import Read
from kilitcoz_portal.trust.verdicts import State, Verdict


def require_good(path: TrustedPath, policy: TrustPolicy, now: datetime) -> None:
    """Raises CertificateRevoked, CertificateSuspended, CertificateStatusUnknown."""
    for certificate, issuer in reversed(list(pairwise(path.certificates))):
        good(certificate, issuer, path, policy, now)


def good(certificate: Read, issuer: Read, path: TrustedPath, policy: TrustPolicy, now: datetime) -> Verdict:
    """The verdict on one certificate of the path, if it is a good one. Raises as `require_good`."""
    verdict = Inquiry(certificate, issuer, policy, now).verdict()
    if verdict.state is not State.GOOD:
        raise _refusal(verdict, own=certificate is path.certificates[0])
    return verdict


def _refusal(verdict: Verdict, *, own: bool) -> TrustError:
    """Of the holder's own certificate it is told that it can be opened again; of an authority's it is not."""
    who = "" if own else "authority-"
    if verdict.state is State.UNKNOWN:
        return CertificateStatusUnknown(f"{who}unknown-to-responder")
    if verdict.state is State.ON_HOLD and own:
        return CertificateSuspended(verdict.source)
    return CertificateRevoked(f"{who}{verdict.source}")
