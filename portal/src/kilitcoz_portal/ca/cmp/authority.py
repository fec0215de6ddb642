"""The three verbs over CMP (port.CertificateAuthority)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kilitcoz_portal.ca.cmp import enrolment, inquiry, journal, revocation, sweeping
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.models import Issued
from kilitcoz_portal.ca.port import CertificateRequest, CertificateStatus
from kilitcoz_portal.ca.services import EmbeddedAuthority


class CmpAuthority:
    """An authority elsewhere. Call it after the commit of what made the call necessary: it speaks over the
    network, and what it has said cannot be rolled back.
    """

    joins_transaction = False

    def issue(self, request: CertificateRequest, now: datetime) -> bytes:
        """The certificate, DER, confirmed and, where wished, on hold. Raises KeyUnfit, RequestReused,
        CaUnavailable (CaWaiting, CaAnswerUntrusted), CaRefused, CertificateWrong, CaInDoubt, CaNotConfigured.
        """
        connection = configured()
        row = sweeping.finish(enrolment.enrol(request, connection, now), connection, now)
        sweeping.revoke_surplus(connection, now)
        assert row.der is not None
        return bytes(row.der)

    def set_status(self, serial_numbers: Sequence[str], wanted: CertificateStatus, now: datetime) -> None:
        """Raises CertificateUnknown before anything is said; StatusFinal, CaRefused, CaUnavailable."""
        of_before = _embedded(serial_numbers)
        certificates = [journal.issued(each) for each in serial_numbers if each not in of_before]
        if of_before:
            EmbeddedAuthority().set_status(sorted(of_before), wanted, now)
        if certificates:
            revocation.tell(certificates, wanted, configured(), now)

    def fetch_status(self, serial_number: str, now: datetime) -> CertificateStatus:
        """As the authority publishes it. Raises CertificateUnknown, CaUnavailable."""
        if _embedded([serial_number]):
            return EmbeddedAuthority().fetch_status(serial_number, now)
        return inquiry.status_of(journal.issued(serial_number), configured(), now)


def _embedded(serial_numbers: Sequence[str]) -> set[str]:
    """Those that the embedded authority issued, before the installation changed to another: they stay its
    own.
    """
    found = Issued.objects.filter(serial_number__in=serial_numbers)
    return set(found.values_list("serial_number", flat=True))
