"""What anybody may know of a certificate: its state, since when and why, from the row that CRL and OCSP are
made of. By a serial number alone nobody is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from django.utils.functional import Promise

from kilitcoz_portal.ca import choice
from kilitcoz_portal.ca import queries as ca
from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.port import CertificateStatus
from kilitcoz_portal.certificates import queries as certificates
from kilitcoz_portal.pages.card_facts import common_name
from kilitcoz_portal.pages.state_words import REASONS
from kilitcoz_portal.trust.reading import Read

_MOST_OCTETS = 20  # RFC 5280, 4.1.2.2
_LONGEST = 96  # what can be a serial number, with its separators
_SEPARATORS = re.compile(r"[\s:.\-]+")


class SerialMalformed(Exception):  # noqa: N818 - the name says what is wrong
    """Not a number that a certificate can have."""

    code = "serial-malformed"


class Verdict(StrEnum):
    """What the page says first."""

    VALID = "valid"
    EARLY = "early"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    UNKNOWN = "unknown"  # we never issued this number
    FOREIGN = "foreign"  # somebody else's certificate
    AUTHORITY = "authority"  # our own, or our root's


@dataclass(frozen=True)
class Answer:
    """`serial` in upper-case hex; `subject` only of an uploaded certificate; the rest is empty or None where
    the certificate is not one of ours, or the verdict needs no reason.
    """

    verdict: Verdict
    serial: str
    since: datetime | None = None
    reason: str | Promise = ""
    invalid_since: datetime | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    issuer: str = ""
    subject: str = ""


def of_serial(typed: str, now: datetime) -> Answer:
    """Of the number as somebody typed it. Raises SerialMalformed, CaUnavailable."""
    readings = readings_of(typed)
    for serial in readings:
        der = _known(serial)
        if der is not None:
            return _ours(x509.load_der_x509_certificate(der), now)
    return Answer(Verdict.UNKNOWN, readings[0].upper())


def of_certificate(read: Read, now: datetime) -> Answer:
    """Of an uploaded one; one of ours only if it is ours to the last bit. Raises CaUnavailable."""
    serial = f"{read.pyca.serial_number:x}"
    found = ca.newest_authority()
    if found is not None and read.der in (bytes(found.certificate), bytes(found.root)):
        return _facts(Verdict.AUTHORITY, read.pyca, subject=common_name(read.pyca.subject))
    if _known(serial) != read.der:
        return _facts(Verdict.FOREIGN, read.pyca, subject=common_name(read.pyca.subject))
    return _ours(read.pyca, now, subject=common_name(read.pyca.subject))


def readings_of(typed: str) -> tuple[str, ...]:
    """The number in lower-case hex: digits alone are read as hex, in which certificates are shown, and as
    decimal.

    Raises SerialMalformed.
    """
    text = _SEPARATORS.sub("", typed[: _LONGEST + 1]).lower().removeprefix("0x")
    if len(typed) > _LONGEST or not re.fullmatch(r"[0-9a-f]+", text, re.ASCII):
        raise SerialMalformed
    numbers = [int(text, 16), *([int(text)] if text.isdecimal() else [])]
    fit = [f"{number:x}" for number in numbers if 0 < number < 1 << 8 * _MOST_OCTETS]
    if not fit:
        raise SerialMalformed
    return tuple(dict.fromkeys(fit))


def _known(serial: str) -> bytes | None:
    """The certificate that we gave under this number, from whichever authority it came."""
    row = certificates.by_serial(serial)
    return bytes(row.der) if row is not None else ca.certificate(serial)


def _ours(certificate: x509.Certificate, now: datetime, subject: str = "") -> Answer:
    status = choice.authority().fetch_status(f"{certificate.serial_number:x}", now)
    verdict = _verdict(status, certificate, now)
    return _facts(verdict, certificate, subject=subject, status=status)


def _verdict(status: CertificateStatus, certificate: x509.Certificate, now: datetime) -> Verdict:
    if status.status is Status.REVOKED:
        return Verdict.REVOKED
    if status.status is Status.ON_HOLD:
        return Verdict.SUSPENDED
    if now >= certificate.not_valid_after_utc:
        return Verdict.EXPIRED
    return Verdict.EARLY if now < certificate.not_valid_before_utc else Verdict.VALID


def _facts(
    verdict: Verdict,
    certificate: x509.Certificate,
    *,
    subject: str = "",
    status: CertificateStatus | None = None,
) -> Answer:
    stopped = status is not None and status.status is not Status.GOOD
    return Answer(
        verdict,
        serial=f"{certificate.serial_number:X}",
        since=status.at if status and stopped else None,
        reason=REASONS[status.reason] if status and stopped else "",
        invalid_since=status.invalid_since if status else None,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        issuer=common_name(certificate.issuer),
        subject=subject,
    )
