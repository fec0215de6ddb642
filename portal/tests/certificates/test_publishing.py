"""An authority over the network: orders are written with the deed, kept until they are done, in their order.

The authority here is a stand-in that remembers what it was told; the real one's protocol is tested in ca/cmp.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections, transaction
from portal.tests.certificates.made import MINUTE, Made, bring
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca import choice
from kilitcoz_portal.ca.errors import CaError, CaUnavailable, StatusFinal
from kilitcoz_portal.ca.port import CertificateRequest, CertificateStatus
from kilitcoz_portal.certificates import ends, publishing, queries, services
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.models import State, StatusOrder
from kilitcoz_portal.certificates.reasons import Reason

pytestmark = ON_BOTH


class Distant:
    """Keeps the statuses it was told; `fault` is what it answers instead."""

    joins_transaction = False

    def __init__(self) -> None:
        self.told: list[tuple[tuple[str, ...], str]] = []
        self.fault: type[CaError] | None = None

    def issue(self, request: CertificateRequest, now: datetime) -> bytes:
        """Not asked for here."""
        raise CaUnavailable

    def set_status(self, serial_numbers: Sequence[str], wanted: CertificateStatus, now: datetime) -> None:
        """Remembered, or the fault."""
        if self.fault is not None:
            raise self.fault
        self.told.append((tuple(serial_numbers), wanted.status.value))

    def fetch_status(self, serial_number: str, now: datetime) -> CertificateStatus:
        """Not asked for here."""
        raise CaUnavailable


@pytest.fixture
def distant(ayses: Made, monkeypatch: pytest.MonkeyPatch) -> Distant:
    """From now on the authority; Ayşe's certificates are valid."""
    bring(ayses, State.VALID)
    authority = Distant()
    monkeypatch.setattr(choice, "authority", lambda: authority)
    return authority


def suspend_and_resume(made: Made, moment: datetime) -> None:
    """Two deeds, so two orders."""
    services.suspend(made.certificates, HOLDER, Reason.LOST, moment)
    services.resume(made.certificates, HOLDER, moment + MINUTE)


def test_the_authority_is_told_as_soon_as_the_deed_is_committed(ayses: Made, distant: Distant) -> None:
    moment = ayses.certificates[0].state_at
    with transaction.atomic():
        services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment)
        assert distant.told == []
    assert [status for _serials, status in distant.told] == ["on_hold"]
    assert queries.is_told(ayses.certificates[0])


def test_a_deed_that_is_rolled_back_is_not_told(ayses: Made, distant: Distant) -> None:
    with transaction.atomic():
        services.suspend(ayses.certificates, HOLDER, Reason.LOST, ayses.certificates[0].state_at)
        transaction.set_rollback(True)
    ends.sweep(ayses.certificates[0].state_at)
    assert distant.told == []


def test_while_it_is_away_the_deed_stands_and_the_sweep_tells_it_later_in_order(
    ayses: Made, distant: Distant
) -> None:
    moment = ayses.certificates[0].state_at
    distant.fault = CaUnavailable
    suspend_and_resume(ayses, moment)
    assert ayses.states == {"valid"}
    assert not queries.is_told(ayses.certificates[0])
    assert len(queries.waiting_orders()) == 2
    distant.fault = None
    ends.sweep(moment + 2 * MINUTE)
    assert [status for _serials, status in distant.told] == ["on_hold", "good"]
    assert queries.waiting_orders() == []


def test_an_alarm_after_half_a_day_and_another_after_a_day(ayses: Made, distant: Distant) -> None:
    moment = ayses.certificates[0].state_at
    distant.fault = CaUnavailable
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment)
    for hours, alarms in ((11, 0), (12, 1), (18, 1), (24, 2), (30, 2)):
        ends.sweep(moment + timedelta(hours=hours))
        assert AuditEvent.objects.filter(event="certificate-late").count() == alarms


def test_what_the_authority_will_never_do_is_an_alarm_and_holds_nothing_up(
    ayses: Made, distant: Distant
) -> None:
    moment = ayses.certificates[0].state_at
    distant.fault = CaUnavailable
    suspend_and_resume(ayses, moment)
    distant.fault = StatusFinal
    publishing.carry_out(moment + 2 * MINUTE)
    assert AuditEvent.objects.filter(event="status-order-refused").count() == 2
    assert len(queries.refused_orders()) == 2
    assert queries.waiting_orders() == []


def test_two_workers_tell_it_once(ayses: Made, distant: Distant) -> None:
    moment = ayses.certificates[0].state_at
    distant.fault = CaUnavailable
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment)
    distant.fault = None
    barrier = Barrier(4)

    def work() -> None:
        barrier.wait(10)
        publishing.carry_out(moment)
        connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    assert len(distant.told) == 1
    assert StatusOrder.objects.filter(done_at=None).count() == 0


def test_a_worker_that_died_is_followed_by_another_after_its_lease(ayses: Made, distant: Distant) -> None:
    moment = ayses.certificates[0].state_at
    distant.fault = CaUnavailable
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, moment)
    distant.fault = None
    StatusOrder.objects.filter(done_at=None).update(leased_until=moment + publishing.LEASE)
    publishing.carry_out(moment + MINUTE)
    assert distant.told == []
    publishing.carry_out(moment + publishing.LEASE)
    assert len(distant.told) == 1
