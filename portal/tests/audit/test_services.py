"""Events are written in the deed's transaction, and only appended."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.audit.services import record

pytestmark = ON_BOTH

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_an_event_that_did_not_happen_leaves_no_row() -> None:
    class _FailedError(Exception):
        pass

    def deed() -> None:
        with transaction.atomic():
            record(Event.SIGNED_IN, now=NOW, holder_id=1)
            raise _FailedError

    with pytest.raises(_FailedError):
        deed()
    assert AuditEvent.objects.count() == 0


def test_an_event_keeps_what_it_was_given() -> None:
    record(Event.WRONG_CARD, now=NOW, holder_id=1, card_id=2, operation_id="o", detail={"reason": "serial"})
    row = AuditEvent.objects.get()
    assert (row.event, row.at, row.detail) == ("wrong-card", NOW, {"reason": "serial"})


def test_every_event_has_a_name_of_its_own_that_fits() -> None:
    assert len({event.value for event in Event}) == len(Event)
    assert all(len(event.value) <= 40 for event in Event)
