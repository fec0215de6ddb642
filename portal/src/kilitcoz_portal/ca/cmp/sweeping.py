"""What is still to be said to the authority elsewhere, said by `kilitcoz sweep`: confirmations, rejections,
holds, and revocations of what nobody asked for. Requests themselves are sent again by who wants the
certificate.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from cryptography import x509
from django.db.models import Q, QuerySet

from kilitcoz_portal.ca.cmp import enrolment, journal, revocation
from kilitcoz_portal.ca.cmp.configuration import Connection
from kilitcoz_portal.ca.cmp.models import Enrolment, Step, Surplus
from kilitcoz_portal.ca.errors import CaError
from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.port import CertificateStatus

log = structlog.get_logger("kilitcoz_portal.ca.cmp")
MOST_IN_A_SWEEP = 50


def unfinished() -> QuerySet[Enrolment]:
    """Transactions in which it is our turn, whoever asked for the certificate."""
    unheld = Q(step=Step.CONFIRMED, on_hold=True, held_at=None)
    return Enrolment.objects.filter(Q(step__in=[Step.ANSWERED, Step.REJECTED]) | unheld).order_by("pk")


def sweep(connection: Connection, now: datetime) -> int:
    """Say what is due; how much is left."""
    for row in unfinished()[:MOST_IN_A_SWEEP]:
        try:
            finish(row, connection, now)
        except CaError as error:
            log.warning("cmp-unfinished", transaction=row.transaction_id, code=error.code)
    revoke_surplus(connection, now)
    return unfinished().count() + Surplus.objects.filter(revoked_at=None).count()


def finish(row: Enrolment, connection: Connection, now: datetime) -> Enrolment:
    """The certificate confirmed and, where that was wished, on hold. Raises as enrolment.enrol."""
    row = enrolment.resume(row, connection, now)
    if row.step == Step.CONFIRMED and row.on_hold and row.held_at is None:
        hold = CertificateStatus(Status.ON_HOLD, now)
        revocation.tell([journal.certificate_of(row)], hold, connection, now)
        journal.held(row, now)
    return row


def revoke_surplus(connection: Connection, now: datetime) -> None:
    """What was made for a key that has its certificate already is revoked: superseded."""
    superseded = CertificateStatus(Status.REVOKED, now, x509.ReasonFlags.superseded)
    for each in Surplus.objects.filter(revoked_at=None).order_by("pk")[:MOST_IN_A_SWEEP]:
        try:
            revocation.tell([journal.certificate_of(each)], superseded, connection, now)
        except CaError as error:
            log.warning("cmp-surplus-not-revoked", serial=each.serial_number, code=error.code)
        else:
            Surplus.objects.filter(pk=each.pk).update(revoked_at=now)
