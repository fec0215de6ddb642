"""The room's verdict step by step, for the administrator who wants to know why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from kilitcoz_portal.trust import anchors, paths, profile, status
from kilitcoz_portal.trust.errors import CertificateMalformed
from kilitcoz_portal.trust.policy import TrustPolicy, Usage
from kilitcoz_portal.trust.reading import Read, from_file, read_chain
from kilitcoz_portal.trust.services import identity_of


def steps(file: bytes, usage: Usage, now: datetime) -> Iterator[str]:
    """A sentence for each rule that holds, as `services.validate` goes through them. Raises the TrustError of
    the first that does not.
    """
    ders = from_file(file)
    if not ders:
        raise CertificateMalformed("encoding")
    policy = TrustPolicy.of_settings()
    certificate, others = Read.of_der(ders[0]), read_chain(ders[1:])
    yield f"certificate {certificate.pyca.subject.rfc4514_string()}, sha256 {certificate.sha256}"
    path = paths.trusted_path(certificate, others, anchors.of_folder(policy.folder), policy, now)
    names = (each.pyca.subject.rfc4514_string() for each in path.certificates[1:])
    yield f"path to {' ← '.join(names)}"
    if path.policies:
        yield f"policies {', '.join(path.policies)}"
    profile.check(certificate, usage, policy)
    yield f"usable for {usage}" + (", qualified" if policy.qualified else "")
    for each, issuer in reversed(list(pairwise(path.certificates))):
        verdict = status.good(each, issuer, path, policy, now)
        until = f", counts until {verdict.next_update:%Y-%m-%d %H:%M} UTC" if verdict.next_update else ""
        yield f"status of {each.pyca.subject.rfc4514_string()}: {verdict.state} by {verdict.source}{until}"
    identity = identity_of(path)
    yield f"names {identity.name}, {identity.id_kind} …{identity.id_number[-4:]} ({identity.country})"
