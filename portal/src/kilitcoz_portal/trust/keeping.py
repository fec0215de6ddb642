"""What lies in the trust folder, and putting more into it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kilitcoz_portal.trust import anchors, crl
from kilitcoz_portal.trust.errors import CertificateUsageWrong
from kilitcoz_portal.trust.reading import Read, from_file


@dataclass(frozen=True)
class Entry:
    """One authority or list. `sha256`: the fingerprint to compare, hexadecimal."""

    part: str
    what: str
    sha256: str
    until: str
    counts: bool

    def __str__(self) -> str:
        mark = "" if self.counts else "  DOES NOT COUNT ANY MORE"
        return f"{self.part:<13} {self.what}  until {self.until}  sha256 {self.sha256}{mark}"


def entries(folder: Path, now: datetime) -> Iterator[Entry]:
    """Everything that could be read, by part; a file that could not is an entry that does not count."""
    found = anchors.of_folder(folder)
    for part, certificates in ((anchors.ANCHORS, found.roots), (anchors.INTERMEDIATES, found.intermediates)):
        yield from (_authority(part, each, now) for each in certificates)
    for path in found.unreadable:
        yield Entry(path.parent.name, path.name, "-", "cannot be read", counts=False)
    for path in anchors.files_in(folder, anchors.CRLS):
        try:
            yield _list(crl.read(path.read_bytes()), now)
        except ValueError:
            yield Entry(anchors.CRLS, path.name, "-", "cannot be read", counts=False)


def add(folder: Path, raw: bytes, now: datetime, *, anchor: bool) -> list[Entry]:
    """Keep the authorities of a file, or its list. Who signed itself becomes an anchor, others only with
    `anchor`. Raises CertificateMalformed, CertificateUsageWrong for a certificate that is no authority's.
    """
    try:
        found = crl.read(raw)
    except ValueError:
        return [_keep_authority(folder, Read.of_der(der), now, anchor=anchor) for der in from_file(raw)]
    issuer = hashlib.sha256(found.issuer.public_bytes()).hexdigest()[:16]
    _write(folder / anchors.CRLS / f"{issuer}.crl", found.public_bytes(Encoding.DER))
    return [_list(found, now)]


def _keep_authority(folder: Path, read: Read, now: datetime, *, anchor: bool) -> Entry:
    if not read.asn1.ca:
        raise CertificateUsageWrong("not-an-authority")
    part = anchors.ANCHORS if anchor or read.pyca.subject == read.pyca.issuer else anchors.INTERMEDIATES
    _write(folder / part / f"{read.sha256[:16]}.pem", read.pyca.public_bytes(Encoding.PEM))
    return _authority(part, read, now)


def _write(path: Path, content: bytes) -> None:
    """Complete or not at all: others read the folder at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    temporary.write_bytes(content)
    temporary.replace(path)


def _authority(part: str, read: Read, now: datetime) -> Entry:
    until = read.pyca.not_valid_after_utc
    return Entry(part, read.pyca.subject.rfc4514_string(), read.sha256, f"{until:%Y-%m-%d}", now < until)


def _list(found: x509.CertificateRevocationList, now: datetime) -> Entry:
    until = found.next_update_utc
    what = f"{len(found)} revoked by {found.issuer.rfc4514_string()}"
    sha256 = hashlib.sha256(found.public_bytes(Encoding.DER)).hexdigest()
    said = f"{until:%Y-%m-%d %H:%M}" if until else "never said"
    return Entry(anchors.CRLS, what, sha256, said, counts=until is not None and now < until)
