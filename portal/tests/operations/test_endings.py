"""Reports late, stale, repeated, absent; aborting; expiry; alarms."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from portal.tests import cast
from portal.tests.card_service import CardService, Refused
from portal.tests.carriers import Carrier, carry_sms, work_through
from portal.tests.cast import NOW
from portal.tests.marks import ON_BOTH
from pytest_django.fixtures import Settings

from kilitcoz_cards.iso7816 import SUCCESS, StatusWord
from kilitcoz_cards.messages import Event, OperationKind, Outcome, Result, RiskyCommand
from kilitcoz_cards.pin import UNTOLD, PinState
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.operations import expiry, results
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.outgoing.gateways import NotAccepted
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.models import CardSecret

pytestmark = ON_BOTH

LATER = NOW + timedelta(hours=1)
NOTHING_SENT = Result(1, (), UNTOLD, UNTOLD, Outcome.ABORTED, "card-removed")


def released(enrolled: cast.Enrolled, kind: OperationKind = OperationKind.UNLOCK) -> CardService:
    """A card service that holds a release (or, for another kind, has only claimed)."""
    operation = cast.authorised(enrolled, kind=kind)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, NOW)
    service = CardService(capability, enrolled.simulated, NOW)
    service.claim()
    return service


def test_a_report_after_the_operation_ended_is_taken_and_the_holder_is_told() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = released(enrolled)
    result = service.transact(service.release())
    expiry.sweep(LATER)
    vault.sweep(LATER)
    assert Operation.objects.get().state == State.IN_DOUBT
    service.now = LATER
    assert service.report(result).operation_state == State.SUCCEEDED
    assert CardSecret.objects.get().state == "known"
    assert Notice.objects.get().kind == Kind.PIN_CHANGED


def test_a_report_repeated_or_changed_afterwards_is_answered_and_changes_nothing() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = released(enrolled)
    result = service.transact(service.release())
    first = service.report(result)
    before = (Operation.objects.values().get(), CardSecret.objects.values().get())
    assert service.report(result) == first
    assert service.report(NOTHING_SENT) == first
    assert (Operation.objects.values().get(), CardSecret.objects.values().get()) == before


def test_a_report_of_an_earlier_release_is_answered_and_changes_nothing() -> None:
    service = released(cast.card_of(cast.ayse()))
    service.release()
    service.report(NOTHING_SENT)
    service.claim()
    assert service.release().fence == 2
    assert service.report(NOTHING_SENT).operation_state == State.RELEASED
    assert CardSecret.objects.get().state == "armed"


def test_a_report_of_a_release_that_never_was_is_refused() -> None:
    service = released(cast.card_of(cast.ayse()))
    with pytest.raises(Refused, match="operation-state"):
        service.report(NOTHING_SENT)
    service.release()
    with pytest.raises(Refused, match="operation-state"):
        service.report(Result(2, (), UNTOLD, UNTOLD, Outcome.ABORTED, None))
    with pytest.raises(Refused, match="operation-state"):
        service.report(Result(None, (), UNTOLD, UNTOLD, Outcome.PIN_SET, None))
    assert CardSecret.objects.get().state == "armed"


def test_a_pin_changed_by_who_knew_it_succeeds_without_the_vault() -> None:
    service = released(cast.card_of(cast.ayse()), OperationKind.CHANGE_PIN)
    changed = Event(RiskyCommand.CHANGE_PIN, None, SUCCESS)
    open_pin = PinState(False, 3)
    answer = service.report(Result(None, (changed,), UNTOLD, open_pin, Outcome.PIN_SET, None))
    assert answer.operation_state == State.SUCCEEDED
    assert CardSecret.objects.get().fence == 0


@pytest.mark.parametrize(
    "told",
    [
        Result(None, (Event(RiskyCommand.CHANGE_PIN, None, SUCCESS),), UNTOLD, UNTOLD, Outcome.PIN_SET),
        Result(1, (), UNTOLD, UNTOLD, Outcome.PIN_SET),
        Result(1, (Event(RiskyCommand.CHANGE_PUK, 0, SUCCESS),), UNTOLD, UNTOLD, Outcome.PIN_SET),
        Result(1, (Event(RiskyCommand.VERIFY, None, SUCCESS),), UNTOLD, UNTOLD, Outcome.PIN_SET),
    ],
    ids=["by who knew it", "by nothing", "without the PIN", "without the PUK"],
)
def test_a_first_pin_that_no_command_set_is_not_believed(told: Result) -> None:
    service = released(cast.card_of(cast.ayse()), OperationKind.ACTIVATE)
    if told.fence is not None:
        service.release()
    with pytest.raises(Refused, match="operation-state"):
        service.report(told)
    assert Operation.objects.get().state in {State.IDENTIFIED, State.RELEASED}


def test_what_a_success_is_for_is_done_once_and_in_the_same_transaction() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = released(enrolled)
    report, done = service.transact(service.release()), []
    for _ in range(2):
        results.result(
            service.capability.op,
            service.session,
            report,
            NOW,
            lambda operation, _now: done.append(operation.pk),
        )
    assert done == [service.capability.op]
    second = released(enrolled)
    report = second.transact(second.release())
    with pytest.raises(ZeroDivisionError):
        results.result(second.capability.op, second.session, report, NOW, lambda _operation, _now: 1 // 0)
    assert Operation.objects.get(pk=second.capability.op).state == State.RELEASED


def test_a_wrong_old_pin_is_asked_for_again() -> None:
    service = released(cast.card_of(cast.ayse()), OperationKind.CHANGE_PIN)
    answer = service.report(Result(None, (), UNTOLD, PinState(False, 2), Outcome.SECRET_REFUSED, None))
    assert (answer.operation_state, answer.completion) == (State.IDENTIFIED, None)


def test_abort_before_a_release_fails_and_after_it_leaves_the_secret_in_doubt() -> None:
    enrolled = cast.card_of(cast.ayse())
    first = released(enrolled)
    assert first.abort("reader-gone").operation_state == State.FAILED
    assert Operation.objects.get().code == "reader-gone"
    assert first.abort("again").operation_state == State.FAILED
    second = released(enrolled)
    second.release()
    with pytest.raises(Refused, match="capability-refused"):
        second.abort("thief", bearer=second.capability_text)
    assert second.abort("reader-gone").operation_state == State.IN_DOUBT
    assert CardSecret.objects.get().state == "doubt"


def test_a21_a_card_service_that_met_a_forbidden_command_says_so_in_the_books() -> None:
    service = released(cast.card_of(cast.ayse()))
    service.abort("command-forbidden")
    assert AuditEvent.objects.get(event="operation-aborted").detail["code"] == "command-forbidden"


@pytest.mark.parametrize("call", ["release", "report", "abort"])
def test_nobody_acts_without_the_session_of_the_claim(call: str) -> None:
    enrolled = cast.card_of(cast.ayse())
    service = released(enrolled)
    bodies = {"release": b"{}", "report": NOTHING_SENT.to_json(), "abort": b'{"code":"x"}'}
    path = {"report": "result"}.get(call, call)
    for bearer in ("x" * 43, "x", service.session[:-1] + "x"):
        with pytest.raises(Refused) as refused:
            service.post(path, bodies[call], bearer)
        assert (refused.value.status, refused.value.code) == (404, "operation-not-found")
    assert Operation.objects.get().state == State.IDENTIFIED


def test_a_release_lives_as_long_as_it_may_be_reported() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = released(enrolled)
    service.now = NOW + timedelta(seconds=595)
    service.release()
    assert expiry.sweep(NOW + timedelta(seconds=600)) == 0
    assert Operation.objects.get().expires_at == service.now + timedelta(seconds=vault.LEASE)


def test_the_same_release_is_sealed_again_after_a_lost_answer_and_no_later_claim_moves_it() -> None:
    service = released(cast.card_of(cast.ayse()))
    assert service.release() == service.release()
    with pytest.raises(Refused, match="operation-state"):
        service.claim()


def test_a13_a_notice_waits_for_a_gateway_that_is_down_and_leaves_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carrier = Carrier(down=NotAccepted("gateway-unreachable"))
    carry_sms(monkeypatch, carrier)
    service = released(cast.card_of(cast.ayse()))
    assert service.report(service.transact(service.release())).operation_state == State.SUCCEEDED
    work_through(NOW, NOW + timedelta(minutes=6))
    assert len(carrier.taken) == 0
    carrier.down = None
    work_through(NOW + timedelta(minutes=6), NOW + timedelta(minutes=16))
    assert len(carrier.taken) == 1


@pytest.mark.parametrize("call", ["release", "report", "abort"])
def test_a36_altered_vault_rows_are_an_alarm_and_nothing_moves(call: str) -> None:
    enrolled = cast.card_of(cast.ayse())
    service = released(enrolled)
    if call != "release":
        service.release()
    CardSecret.objects.update(tries=9)
    state = Operation.objects.get().state
    deeds = {
        "release": service.release,
        "report": lambda: service.report(NOTHING_SENT),
        "abort": lambda: service.abort("reader-gone"),
    }
    with pytest.raises(Refused, match="vault-integrity"):
        deeds[call]()
    assert Operation.objects.get().state == state
    alarm = AuditEvent.objects.get(event="vault-alarm")
    assert alarm.detail == {"code": "vault-integrity", "what": "sealed box"}


def test_a36_a_whole_card_rolled_back_is_betrayed_by_the_operations_fence() -> None:
    from kilitcoz_portal.vault.models import JournalEntry

    enrolled = cast.card_of(cast.ayse())
    before = CardSecret.objects.values().get()
    service = released(enrolled)
    service.unlock()
    CardSecret.objects.update(**{name: value for name, value in before.items() if name != "card_ref"})
    JournalEntry.objects.filter(sequence__gt=1).delete()
    with pytest.raises(Refused, match="vault-integrity"):
        released(enrolled).release()


def test_a_vault_budget_that_is_spent_is_said_and_written_down() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = released(enrolled)
    spent = mock.patch("kilitcoz_portal.vault.budgets.charge", return_value=False)
    with spent, pytest.raises(Refused) as refused:
        service.release()
    assert (refused.value.code, refused.value.state) == ("vault-card-budget", "identified")
    assert AuditEvent.objects.get(event="release-refused").detail == {"code": "vault-card-budget"}
    assert service.unlock().operation_state == State.SUCCEEDED


def test_ten_minutes_later_a_card_service_is_told_that_it_is_over() -> None:
    service = released(cast.card_of(cast.ayse()))
    Operation.objects.update(
        expires_at=NOW
    )  # the capability is good for the same time, and would be refused first
    with pytest.raises(Refused) as refused:
        service.release()
    assert (refused.value.status, refused.value.code, refused.value.state) == (
        410,
        "operation-expired",
        "expired",
    )
    with pytest.raises(Refused, match="operation-expired"):
        service.claim()
    assert service.abort("late").operation_state == State.EXPIRED


def test_an_abort_that_comes_late_finds_the_operation_expired() -> None:
    service = released(cast.card_of(cast.ayse()))
    service.now = LATER
    assert service.abort("holder-left").operation_state == State.EXPIRED


def test_a_pin_change_reported_late_is_not_believed() -> None:
    service = released(cast.card_of(cast.ayse()), OperationKind.CHANGE_PIN)
    service.now = LATER
    answer = service.report(Result(None, (), UNTOLD, UNTOLD, Outcome.PIN_SET, None))
    assert answer.operation_state == State.EXPIRED


def test_a_pin_change_that_the_holder_gave_up_has_failed() -> None:
    service = released(cast.card_of(cast.ayse()), OperationKind.CHANGE_PIN)
    answer = service.report(Result(None, (), UNTOLD, UNTOLD, Outcome.ABORTED, "holder-left"))
    assert (answer.operation_state, Operation.objects.get().code) == (State.FAILED, "holder-left")


@pytest.mark.parametrize(
    ("sw", "code"), [(0x63C2, "vault-manual"), (0x6983, "puk-exhausted")], ids=["wrong PUK", "used up"]
)
def test_a_puk_the_card_refuses_ends_the_operation_with_what_to_do(sw: int, code: str) -> None:
    service = released(cast.card_of(cast.ayse()))
    refusal = Event(RiskyCommand.CHANGE_PUK, 0, StatusWord(sw))
    service.release()
    answer = service.report(Result(1, (refusal,), UNTOLD, UNTOLD, Outcome.SECRET_REFUSED, None))
    assert (answer.operation_state, Operation.objects.get().code) == (State.FAILED, code)


def test_the_hourly_budget_of_all_cards_is_an_alarm_in_the_books(settings: Settings) -> None:
    settings.KILITCOZ_VAULT_GLOBAL_HOURLY = 0
    service = released(cast.card_of(cast.ayse()))
    with pytest.raises(Refused, match="vault-global-budget"):
        service.release()
    assert AuditEvent.objects.get(event="vault-alarm").detail == {"code": "vault-global-budget"}
