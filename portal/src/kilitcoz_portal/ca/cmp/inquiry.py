"""What the authority says of a certificate: CMP has no verb for it, so it is asked as everybody asks, by
OCSP and CRL (RFC 6960, RFC 5280), and believed by the same rules as everybody (room trust).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kilitcoz_portal.ca.cmp.configuration import Connection
from kilitcoz_portal.ca.cmp.wishes import issuer_of
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.port import CertificateStatus
from kilitcoz_portal.trust.errors import TrustError
from kilitcoz_portal.trust.inquiry import Inquiry
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.trust.reading import Read
from kilitcoz_portal.trust.verdicts import State

_SAID = {State.GOOD: Status.GOOD, State.ON_HOLD: Status.ON_HOLD, State.REVOKED: Status.REVOKED}


def status_of(certificate: x509.Certificate, connection: Connection, now: datetime) -> CertificateStatus:
    """As it is told now, not as it was kept. Raises CaUnavailable: no answer that counts."""
    issuer = issuer_of(certificate, connection.pinned)
    if issuer is None:
        raise CaUnavailable("issuer")
    policy = replace(TrustPolicy.of_settings(), fetch=True, private_addresses=True, stale_crl=timedelta(0))
    try:
        verdict = Inquiry(_read(certificate), _read(issuer), policy, now, fresh=True).verdict()
    except TrustError as error:
        raise CaUnavailable(f"status: {error.reason}") from None
    if verdict.state not in _SAID:
        raise CaUnavailable("status: unknown-to-responder")
    reason = verdict.reason or x509.ReasonFlags.unspecified
    return CertificateStatus(_SAID[verdict.state], verdict.since or verdict.this_update, reason)


def _read(certificate: x509.Certificate) -> Read:
    return Read.of_der(certificate.public_bytes(Encoding.DER))
