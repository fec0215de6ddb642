"""`result` and `abort`: what the card answered is settled by the vault, and the operation ends or goes on
(M7). A changed PIN is told to the holder in the same transaction (R8).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from kilitcoz_cards.iso7816 import SUCCESS
from kilitcoz_cards.messages import (
    Abort,
    OperationKind,
    Outcome,
    Result,
    ResultAnswer,
    RiskyCommand,
    StateAnswer,
)
from kilitcoz_portal import durability
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import About
from kilitcoz_portal.operations import alarms, bearers, capability
from kilitcoz_portal.operations.access import audit, is_late, locked, one_transaction, require_session
from kilitcoz_portal.operations.errors import CapabilityRefused, OperationError, OperationState
from kilitcoz_portal.operations.expiry import expire
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State
from kilitcoz_portal.operations.states import Deed, apply
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.errors import RefusalCode
from kilitcoz_portal.vault.settlement import Answer
from kilitcoz_portal.vault.states import SecretState

Ending = Callable[[Operation, datetime], None]
"""What a success brings about, in the transaction in which the operation ends; the holder is told in it."""


def tell_of_new_pin(operation: Operation, now: datetime) -> None:
    """The end of an operation that is its own purpose."""
    about = About(
        card=operation.enrolled_card.last_four, operation_id=operation.pk, language=operation.language
    )
    notices.tell(operation.known_holder, Kind.PIN_CHANGED, now, about)


def result(
    operation_id: str, bearer: str, report: Result, now: datetime, ending: Ending = tell_of_new_pin
) -> ResultAnswer:
    """Settle. Taken as long as its fence is the newest, also after the operation ended; a stale or repeated
    one is answered and changes nothing. `ending` is called once, when the operation succeeds.

    Raises SessionRefused, OperationNotFound, OperationState (a report without release where one was made, or
    the other way round), ReleaseRefused (the vault's rows do not authenticate).
    """
    with alarms.on_vault_errors(operation_id, now):
        answer = _record(operation_id, bearer, report, now, ending)
    durability.on_disk()  # "succeeded" is said only of what a power cut cannot undo
    return answer


@one_transaction
def _record(
    operation_id: str, bearer: str, report: Result, now: datetime, ending: Ending
) -> ResultAnswer | OperationError:
    operation = locked(operation_id)
    require_session(operation, bearer)
    if operation.kind == OperationKind.ACTIVATE and not _may_open(report):
        return OperationState(operation.state)
    if report.fence is None:
        return _without_release(operation, report, now, ending)
    if operation.fence is None or report.fence > operation.fence:
        return OperationState(operation.state)
    if report.fence == operation.fence and operation.state in {State.RELEASED, State.IN_DOUBT}:
        settled = vault.settle(
            operation.enrolled_card.ref, operation.pk, report.fence, _answers(report), _reading(report), now
        )
        state, code = _after(operation, report, settled)
        _move(operation, report, state, code, now)
        if operation.state == State.SUCCEEDED:
            ending(operation, now)
    return answer_of(operation)


def _may_open(report: Result) -> bool:
    """A first PIN opens a certificate: believed is only one that the PUK set, and that the card took to
    VERIFY.
    """
    taken = {event.command for event in report.events if event.sw == SUCCESS}
    by_puk = report.fence is not None and {RiskyCommand.RESET_RETRY_COUNTER, RiskyCommand.VERIFY} <= taken
    return report.outcome is not Outcome.PIN_SET or by_puk


def _without_release(
    operation: Operation, report: Result, now: datetime, ending: Ending
) -> ResultAnswer | OperationError:
    """No secret of ours was needed: the PIN was changed by who knew the old one, or the holder gave up."""
    if is_late(operation, now):
        expire(operation, now)
    if operation.state == State.IDENTIFIED:
        done = report.outcome is Outcome.PIN_SET
        gave_up = report.outcome is Outcome.ABORTED
        state = State.SUCCEEDED if done else State.FAILED if gave_up else State.IDENTIFIED
        _move(operation, report, state, report.abort_code or report.outcome, now)
        if operation.state == State.SUCCEEDED:
            ending(operation, now)
    elif operation.state in OPEN_STATES:
        return OperationState(operation.state)
    return answer_of(operation)


def _answers(report: Result) -> list[Answer]:
    return [Answer(event.command.value, event.candidate, event.sw) for event in report.events]


def _reading(report: Result) -> int | None:
    """PUK tries as read after the transaction; "blocked" is none."""
    return 0 if report.puk.blocked else report.puk.retries_left


def _after(operation: Operation, report: Result, settled: vault.Settled) -> tuple[State, str]:
    """Where the operation goes: it may go on only while it is open and the secret is not in doubt."""
    if settled.state is SecretState.PUK_BLOCKED:
        return State.FAILED, RefusalCode.PUK_EXHAUSTED
    if settled.state is SecretState.MANUAL:
        return State.FAILED, RefusalCode.MANUAL
    known = settled.state is SecretState.KNOWN
    if known and report.outcome is Outcome.PIN_SET:
        return State.SUCCEEDED, ""
    if operation.state == State.RELEASED:
        if not report.events or report.outcome is Outcome.ABORTED:
            return State.CLAIMED, report.abort_code or ""  # the card is read again, then released again
        if report.outcome is Outcome.PIN_REFUSED:
            return State.IDENTIFIED, "pin-refused"
    return State.IN_DOUBT, report.abort_code or report.outcome.replace("_", "-")


def _move(operation: Operation, report: Result, state: State, code: str, now: datetime) -> None:
    apply(operation, Deed.RESULT, state, now, code=code)
    if state in {State.SUCCEEDED, State.FAILED}:
        _remember_card(operation, report, now)
    operation.save(update_fields=["state", "code", "closed_at"])
    audit(
        Event.RESULT_RECORDED,
        operation,
        now,
        outcome=report.outcome,
        state=state,
        code=code,
        fence=report.fence,
    )


def _remember_card(operation: Operation, report: Result, now: datetime) -> None:
    """PIN and PUK as the transaction left them, where the card told."""
    card = operation.enrolled_card
    card.pin_blocked, card.pin_retries_left = report.pin.blocked, report.pin.retries_left
    if report.outcome is Outcome.PIN_SET and card.pin_blocked is None:
        card.pin_blocked = False
    card.puk_blocked, card.puk_retries_left = report.puk.blocked, report.puk.retries_left
    card.seen_at = now
    fields = ["pin_blocked", "pin_retries_left", "puk_blocked", "puk_retries_left", "seen_at"]
    card.save(update_fields=fields)


def answer_of(operation: Operation) -> ResultAnswer:
    """The way back for the browser, once the operation is closed."""
    if operation.state in OPEN_STATES:
        return ResultAnswer(operation.state, None, None)
    return ResultAnswer(
        operation.state, bearers.completion(operation), f"{settings.KILITCOZ_ORIGIN}/donus/{operation.pk}"
    )


def abort(operation_id: str, bearer: str, body: Abort, now: datetime) -> StateAnswer:
    """The card service stops: by its session, or, before anything was released, by the capability alone.

    No result: after a release the secret is in doubt. On a closed operation it changes nothing.
    Raises CapabilityRefused, OperationNotFound, ReleaseRefused (the vault's rows do not authenticate).
    """
    with alarms.on_vault_errors(operation_id, now):
        return _abort(operation_id, bearer, body, now)


@one_transaction
def _abort(operation_id: str, bearer: str, body: Abort, now: datetime) -> StateAnswer | OperationError:
    operation = locked(operation_id)
    if "." in bearer:
        capability.check(bearer, operation_id, now)
        if operation.state == State.RELEASED:
            return CapabilityRefused(operation.state)
    else:
        require_session(operation, bearer)
    if operation.state not in OPEN_STATES:
        return StateAnswer(operation.state)
    if is_late(operation, now):
        expire(operation, now)
        return StateAnswer(operation.state)
    released = operation.state == State.RELEASED and operation.fence is not None
    if released:
        vault.end_lease(operation.enrolled_card.ref, operation.pk, operation.fence or 0, now)
    apply(operation, Deed.ABORT, State.IN_DOUBT if released else State.FAILED, now, code=body.code)
    operation.save(update_fields=["state", "code", "closed_at"])
    audit(Event.OPERATION_ABORTED, operation, now, code=body.code, state=operation.state)
    return StateAnswer(operation.state)
