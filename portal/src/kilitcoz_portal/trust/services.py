"""The one verb of this room: is this certificate to be believed now, and whom does it name?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from kilitcoz_portal.trust import anchors, identity, paths, profile, status
from kilitcoz_portal.trust.identity import Identity
from kilitcoz_portal.trust.paths import TrustedPath
from kilitcoz_portal.trust.policy import TrustPolicy, Usage
from kilitcoz_portal.trust.reading import Read, read_chain

__all__ = ["Identity", "Usage", "validate"]


def validate(certificate_der: bytes, chain: Sequence[bytes], *, usage: Usage, now: datetime) -> Identity:
    """Whom the certificate names, if all of RFC 5280, 6 and this installation's policy hold.

    `chain`: further certificates that came with it, DER, in any order; believed no more than it is. May ask
    responders of status over the network: not inside a transaction. Raises a TrustError: the first of form,
    path, profile, status and name that does not hold.
    """
    policy = TrustPolicy.of_settings()
    certificate, others = Read.of_der(certificate_der), read_chain(chain)
    path = paths.trusted_path(certificate, others, anchors.of_folder(policy.folder), policy, now)
    profile.check(certificate, usage, policy)
    status.require_good(path, policy, now)
    return identity_of(path)


def identity_of(path: TrustedPath) -> Identity:
    """Whom the certificate of a path names. Raises CertificateNamesNobody."""
    certificate = path.certificates[0]
    subject = certificate.pyca.subject
    number = identity.number_of(subject)
    return Identity(
        id_number=number.value,
        id_kind=number.kind,
        name=identity.name_of(subject),
        country=number.country,
        certificate_sha256=certificate.sha256,
        serial=f"{certificate.pyca.serial_number:x}",
        issuer=certificate.pyca.issuer.rfc4514_string(),
        not_after=certificate.pyca.not_valid_after_utc.astimezone(UTC),
        policies=path.policies,
    )
