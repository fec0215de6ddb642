"""A28, A29: two browsers, two card services, two threads; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from portal.tests import cast
from portal.tests.card_service import CardService, Refused
from portal.tests.marks import ON_BOTH

from kilitcoz_cards.messages import OperationKind, Outcome, Result
from kilitcoz_cards.pin import UNTOLD
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.operations import expiry
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationError, OperationOpenElsewhere
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.models import CardSecret, JournalEntry

pytestmark = ON_BOTH


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """Each deed in a thread with its own connection, begun together; what each returned or raised."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return deed()
        except (OperationError, Refused) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_a28_two_browsers_begin_one_operation_and_the_other_is_told() -> None:
    enrolled = cast.card_of(cast.ayse())

    def begin(browser: str) -> Callable[[], object]:
        return lambda: operations.start(
            enrolled.holder, enrolled.card, OperationKind.UNLOCK, browser, "tr", cast.NOW
        )

    outcomes = at_once([begin(f"browser {number}") for number in range(8)])
    begun = [outcome for outcome in outcomes if isinstance(outcome, Operation)]
    assert len(begun) == 1
    assert [type(other) for other in outcomes if other not in begun] == 7 * [OperationOpenElsewhere]
    assert Operation.objects.count() == 1


def test_the_same_browser_clicking_twice_gets_the_same_operation() -> None:
    enrolled = cast.card_of(cast.ayse())

    def begin() -> object:
        return operations.start(
            enrolled.holder, enrolled.card, OperationKind.UNLOCK, cast.AYSES_BROWSER, "tr", cast.NOW
        )

    outcomes = at_once(4 * [begin])
    assert len({outcome.pk for outcome in outcomes if isinstance(outcome, Operation)}) == 1


def test_a29_a_second_card_service_with_the_same_capability_is_refused() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    services = [CardService(capability, enrolled.simulated, cast.NOW) for _ in range(2)]
    services[0].claim()
    with pytest.raises(Refused, match="operation-claimed-elsewhere"):
        services[1].claim()
    assert AuditEvent.objects.filter(event="claim-refused").count() == 1
    assert services[0].unlock().operation_state == State.SUCCEEDED


def test_a29_of_card_services_claiming_at_once_exactly_one_is_taken() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    outcomes = at_once([CardService(capability, None, cast.NOW).claim for _ in range(6)])
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 5


def test_a_release_asked_for_many_times_at_once_is_one_release() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = _claimed(enrolled)
    outcomes = at_once(8 * [service.release])
    assert {outcome.fence for outcome in outcomes} == {1}  # type: ignore[attr-defined]  # an answer, not an error
    assert JournalEntry.objects.filter(trigger="arm", detail=[]).count() == 1
    assert AuditEvent.objects.filter(event="secret-released").count() == 1


def test_a_result_sent_many_times_at_once_is_settled_once() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = _claimed(enrolled)
    result = service.transact(service.release())
    outcomes = at_once(6 * [lambda: service.report(result)])
    assert {answer.operation_state for answer in outcomes} == {"succeeded"}  # type: ignore[attr-defined]  # an answer, not an error
    assert JournalEntry.objects.filter(trigger="settle").count() == 1
    assert Notice.objects.count() == 1


def test_a28_a_stale_worker_cannot_commit() -> None:
    enrolled = cast.card_of(cast.ayse())
    stale = _claimed(enrolled)
    forgotten = stale.release()
    later = cast.NOW + timedelta(hours=1)
    expiry.sweep(later)
    vault.sweep(later)
    operation = cast.authorised(enrolled, now=later)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, later)
    fresh = CardService(capability, enrolled.simulated, later)
    fresh.claim()
    fresh.release()
    before = CardSecret.objects.values().get()
    lie = Result(forgotten.fence, (), UNTOLD, UNTOLD, Outcome.ABORTED, "card-lost")
    with pytest.raises(Refused, match="fence-stale"):
        stale.report(lie)
    assert CardSecret.objects.values().get() == before


def test_while_a_release_is_out_no_other_operation_is_given_one() -> None:
    enrolled = cast.card_of(cast.ayse())
    first = _claimed(enrolled)
    release = first.release()
    first.abort("holder-left")
    assert Operation.objects.get().state == State.IN_DOUBT
    second = _claimed(enrolled)
    assert second.release().candidates[0] == release.candidates[0]
    assert second.release().new == release.new


def _claimed(enrolled: cast.Enrolled) -> CardService:
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    service = CardService(capability, enrolled.simulated, cast.NOW)
    service.claim()
    return service
