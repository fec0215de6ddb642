"""Asking for the status of one certificate: OCSP answers, then CRLs; those that lie in the trust folder, were
kept, or are fetched now. The first that counts decides.

Addresses come from a certificate whose path holds, and are asked only where the installation allows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, pairwise

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID

from kilitcoz_portal.trust import anchors, cache, crl, ocsp
from kilitcoz_portal.trust.errors import CertificateStatusUnknown
from kilitcoz_portal.trust.fetching import Errand, NotFetched, fetch
from kilitcoz_portal.trust.paths import TrustedPath
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.trust.reading import Read
from kilitcoz_portal.trust.verdicts import DoesNotCount, Verdict

log = structlog.get_logger("kilitcoz_portal.trust")

MOST_ADDRESSES = 2  # of each kind, in one certificate
MOST_OCSP_BYTES = 64 * 1024
MOST_CRL_BYTES = 20 * 1024 * 1024
OCSP_KEPT = timedelta(minutes=5)  # at most, though nextUpdate be days away: a suspension must show soon

Source = Callable[[], Verdict]


@dataclass(frozen=True)
class Inquiry:
    """One certificate, its issuer, and by which rules it is asked about. `fresh`: what was kept of earlier
    answers is not used.
    """

    certificate: Read
    issuer: Read
    policy: TrustPolicy
    now: datetime
    fresh: bool = False

    def verdict(self) -> Verdict:
        """What the first source that counts says. Raises CertificateStatusUnknown where none does."""
        reasons: dict[str, None] = {}
        for source in chain(self._sources(), self._last_resorts()):
            try:
                return source()
            except (DoesNotCount, NotFetched) as failure:
                reasons[failure.reason] = None
        log.warning("status-unknown", reasons=list(reasons))
        raise CertificateStatusUnknown(", ".join(reasons) or "no-source")

    def _sources(self) -> Iterator[Source]:
        """In the order in which they are asked."""
        for path in anchors.files_in(self.policy.folder, anchors.OCSP):
            yield partial(self._by_stored_ocsp, path.read_bytes)
        for url in _responders(self.certificate.pyca) if self.policy.fetch else ():
            yield partial(self._by_ocsp_of, url)
        for path in anchors.files_in(self.policy.folder, anchors.CRLS):
            yield partial(self._by_crl, path.read_bytes)
        for url in _lists(self.certificate.pyca) if self.policy.fetch else ():
            yield partial(self._by_crl_of, url)

    def _judged_ocsp(self, answer: bytes, nonce: bytes | None) -> Verdict:
        return ocsp.judge(answer, self.certificate, self.issuer, self.policy, self.now, nonce)

    def _by_stored_ocsp(self, stored: Callable[[], bytes | None]) -> Verdict:
        answer = stored()
        if answer is None:
            raise DoesNotCount("not-kept")
        return self._judged_ocsp(answer, None)

    def _by_ocsp_of(self, url: str) -> Verdict:
        """The kept answer of this responder where it counts still, or a new one."""
        key = cache.key_of(url.encode(), self.certificate.der)
        try:
            return self._by_stored_ocsp(partial(self._kept, "ocsp", key))
        except DoesNotCount:
            question = ocsp.ask(self.certificate, self.issuer)
        errand = Errand(url, MOST_OCSP_BYTES, question.der, "application/ocsp-request")
        answer = fetch(errand, private_addresses=self.policy.private_addresses)
        verdict = self._judged_ocsp(answer, question.nonce)
        if verdict.next_update is not None:
            until = min(verdict.next_update, self.now + OCSP_KEPT)
            cache.keep("ocsp", key, answer, until=until, now=self.now)
        return verdict

    def _by_crl(self, stored: Callable[[], bytes | None], stale: timedelta = timedelta(0)) -> Verdict:
        raw = stored()
        if raw is None:
            raise DoesNotCount("not-kept")
        return crl.judge(raw, self.certificate, self.issuer, self.policy, self.now, stale=stale)

    def _by_crl_of(self, url: str) -> Verdict:
        """The kept list of this address where it counts still, or a new one."""
        try:
            return self._by_crl(partial(self._kept, "crl", cache.key_of(url.encode())))
        except DoesNotCount:
            raw = fetch(Errand(url, MOST_CRL_BYTES), private_addresses=self.policy.private_addresses)
        verdict = self._by_crl(lambda: raw)
        assert verdict.next_update is not None  # crl.judge sees to it
        until = max(verdict.next_update, verdict.this_update + self.policy.stale_crl)
        cache.keep("crl", cache.key_of(url.encode()), raw, until=until, now=self.now)
        return verdict

    def _last_resorts(self) -> Iterator[Source]:
        """Lists whose successors are due but cannot be had; none by default."""
        stale = self.policy.stale_crl
        if stale:
            for path in anchors.files_in(self.policy.folder, anchors.CRLS):
                yield partial(self._by_crl, path.read_bytes, stale)
            for url in _lists(self.certificate.pyca):
                yield partial(self._by_crl, partial(self._kept, "crl", cache.key_of(url.encode())), stale)

    def _kept(self, kind: str, key: str) -> bytes | None:
        return None if self.fresh else cache.kept(kind, key, self.now)

    def answers_on_record(self) -> list[bytes]:
        """OCSP answers of the folder, and those that were fetched and are to be used still."""
        stored = [path.read_bytes() for path in anchors.files_in(self.policy.folder, anchors.OCSP)]
        der, urls = self.certificate.der, _responders(self.certificate.pyca)
        kept = [self._kept("ocsp", cache.key_of(url.encode(), der)) for url in urls]
        return stored + [each for each in kept if each is not None]

    def lists_on_record(self) -> list[bytes]:
        """CRLs likewise, DER or PEM."""
        stored = [path.read_bytes() for path in anchors.files_in(self.policy.folder, anchors.CRLS)]
        kept = [self._kept("crl", cache.key_of(url.encode())) for url in _lists(self.certificate.pyca)]
        return [each for each in (*stored, *kept) if each is not None]


def on_record(path: TrustedPath, policy: TrustPolicy, now: datetime) -> tuple[list[bytes], list[bytes]]:
    """CRLs and OCSP answers, DER, that are at hand for the certificates of a path, and count; nothing is
    fetched.
    """
    crls: dict[bytes, None] = {}
    ocsps: dict[bytes, None] = {}
    for certificate, issuer in pairwise(path.certificates):
        asked = Inquiry(certificate, issuer, policy, now)
        for raw in asked.answers_on_record():
            if _counts(partial(ocsp.judge, raw, certificate, issuer, policy, now, None)):
                ocsps[raw] = None
        for raw in asked.lists_on_record():
            if _counts(partial(crl.judge, raw, certificate, issuer, policy, now)):
                crls[crl.read(raw).public_bytes(Encoding.DER)] = None
    return list(crls), list(ocsps)


def _counts(judge: Source) -> bool:
    try:
        judge()
    except DoesNotCount:
        return False
    return True


def _responders(certificate: x509.Certificate) -> list[str]:
    """RFC 5280, 4.2.2.1: the addresses of id-ad-ocsp."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    found = [each for each in access if each.access_method == AuthorityInformationAccessOID.OCSP]
    return _addresses(each.access_location for each in found)


def _lists(certificate: x509.Certificate) -> list[str]:
    """RFC 5280, 4.2.1.13: the addresses of its issuer's list."""
    return _addresses(name for point in crl.points_of(certificate) for name in point.full_name or ())


def _addresses(names: Iterator[x509.GeneralName]) -> list[str]:
    urls = [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    return [url for url in urls if url.lower().startswith(("http://", "https://"))][:MOST_ADDRESSES]
