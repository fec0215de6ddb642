"""The trust folder: what the administrator has put there is believed, nothing else.

    anchors/        certificates of authorities at which a path may end
    intermediates/  further authorities' certificates, for paths that come incomplete
    crls/  ocsp/    status for networks without a way out, beside what is fetched

Read anew whenever a file changes, so that no process needs a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kilitcoz_portal.trust.errors import CertificateMalformed
from kilitcoz_portal.trust.reading import Read, from_file

ANCHORS, INTERMEDIATES, CRLS, OCSP = "anchors", "intermediates", "crls", "ocsp"
_SUFFIXES = {
    ANCHORS: {".pem", ".crt", ".cer", ".der"},
    INTERMEDIATES: {".pem", ".crt", ".cer", ".der"},
    CRLS: {".crl", ".pem", ".der"},
    OCSP: {".ors", ".der"},
}


@dataclass(frozen=True)
class Anchors:
    """The certificates of the folder; `unreadable` names files that hold none."""

    roots: tuple[Read, ...]
    intermediates: tuple[Read, ...]
    unreadable: tuple[Path, ...] = ()


def of_folder(folder: Path) -> Anchors:
    """What lies in the folder now."""
    return _read(folder, _state(folder))


def files_in(folder: Path, part: str) -> list[Path]:
    """The files of one part, by name; empty where there is none."""
    place = folder / part
    if not place.is_dir():
        return []
    fitting = (each for each in place.iterdir() if each.suffix.lower() in _SUFFIXES[part])
    return sorted(each for each in fitting if each.is_file())


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when a file comes, goes or is written."""
    found = (path for part in (ANCHORS, INTERMEDIATES) for path in files_in(folder, part))
    return tuple((str(path), (seen := path.stat()).st_mtime_ns, seen.st_size) for path in found)


@lru_cache(maxsize=8)
def _read(folder: Path, _state: tuple[tuple[str, int, int], ...]) -> Anchors:
    unreadable: list[Path] = []
    return Anchors(
        roots=_certificates(folder, ANCHORS, unreadable),
        intermediates=_certificates(folder, INTERMEDIATES, unreadable),
        unreadable=tuple(unreadable),
    )


def _certificates(folder: Path, part: str, unreadable: list[Path]) -> tuple[Read, ...]:
    found: dict[str, Read] = {}
    for path in files_in(folder, part):
        try:
            for der in from_file(path.read_bytes()):
                read = Read.of_der(der)
                found[read.sha256] = read
        except (CertificateMalformed, OSError):
            unreadable.append(path)
    return tuple(found.values())
