"""Asking for a certificate again and again, as a registrar would, until it is there."""

from __future__ import annotations

from cryptography import x509
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import StandIn

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp.models import Enrolment, Step
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.ca.port import CertificateRequest

MOST_TIMES = 8


def until_it_comes(asked: CertificateRequest, clock: Clock) -> x509.Certificate:
    """Every two minutes. AssertionError where nobody would wait any longer."""
    for _ in range(MOST_TIMES):
        try:
            return x509.load_der_x509_certificate(authority().issue(asked, clock.now()))
        except CaUnavailable:
            clock.later(minutes=2)
    raise AssertionError(list(Enrolment.objects.values_list("step", "sends", "confirms", "fault")))


def forget(elsewhere: StandIn) -> None:
    """As at the beginning, on both sides."""
    Enrolment.objects.all().delete()
    elsewhere.issued.clear()
    elsewhere.transactions.clear()
    elsewhere.seen.clear()


def require_exactly_one(certificate: x509.Certificate, asked: CertificateRequest, elsewhere: StandIn) -> None:
    """The authority and we know of one that counts, and it is this; what else there was does not count
    there.
    """
    assert elsewhere.confirmed() == [certificate.serial_number]
    rows = Enrolment.objects.filter(request_id=asked.request_id, step=Step.CONFIRMED)
    assert [row.serial_number for row in rows] == [f"{certificate.serial_number:x}"]
    assert not Enrolment.objects.filter(request_id=asked.request_id).exclude(
        step__in=[Step.CONFIRMED, Step.ENDED]
    )
    on_hold = x509.ReasonFlags.certificate_hold
    found = elsewhere.issued[certificate.serial_number]
    assert found.reason is (on_hold if asked.on_hold else None)
    others = [each for serial, each in elsewhere.issued.items() if serial != certificate.serial_number]
    assert all(each.reason not in {None, on_hold} for each in others if not each.confirmed)


def alarms() -> list[str]:
    """What people were told."""
    return [each.detail["what"] for each in AuditEvent.objects.filter(event="ca-alarm").order_by("pk")]
