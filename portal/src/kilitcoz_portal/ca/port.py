"""The three verbs that a certificate authority has for us: issue, set status, fetch status.

The embedded authority (services) and one that is spoken to over the network are the same to who uses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography import x509

from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.names import Person
from kilitcoz_portal.ca.profiles import ProfileName


@dataclass(frozen=True)
class CertificateRequest:
    """A wish for a certificate. `request_id` (43 characters) makes asking again safe; `subject` is a
    person, or a card's serial for ProfileName.CARD; `public_key` is SubjectPublicKeyInfo (DER). `on_hold`:
    listed from the first moment, until it is opened for use. `csr`: PKCS#10 (DER) for the same key and
    subject, where the card has signed one, for an authority elsewhere that wants to see so.
    """

    request_id: str
    profile: ProfileName
    subject: Person | str
    public_key: bytes
    on_hold: bool = False
    csr: bytes = b""


@dataclass(frozen=True)
class CertificateStatus:
    """What is, or is to be, said of a certificate. `reason` only where it is revoked."""

    status: Status
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified
    invalid_since: datetime | None = None


class CertificateAuthority(Protocol):
    """Serial numbers are lower-case hex. Every verb may be repeated: it does its work once.

    `joins_transaction`: the verbs write into our own database, so that they belong inside the transaction of
    the deed. Where it is False they go over the network: write the wish down first, ask after the commit.
    """

    @property
    def joins_transaction(self) -> bool:
        """See above."""

    def issue(self, request: CertificateRequest, now: datetime) -> bytes:
        """The certificate, DER. Raises NoAuthority, KeyUnfit, RequestReused, CaUnavailable, CaRefused,
        CertificateWrong, CaInDoubt, CaNotConfigured.
        """

    def set_status(self, serial_numbers: Sequence[str], wanted: CertificateStatus, now: datetime) -> None:
        """All of them or none, told by one CRL. Raises CertificateUnknown, StatusFinal, CaUnavailable,
        CaRefused, CaNotConfigured.
        """

    def fetch_status(self, serial_number: str, now: datetime) -> CertificateStatus:
        """Raises CertificateUnknown, CaUnavailable."""
