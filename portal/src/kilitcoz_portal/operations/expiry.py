"""The end of an operation's life: at the next deed that meets it, or by `kilitcoz sweep`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.operations import access
from kilitcoz_portal.operations.errors import OperationNotFound
from kilitcoz_portal.operations.models import OPEN_STATES, AttemptCount, Operation, State
from kilitcoz_portal.operations.states import Deed, apply

CODE = "operation-expired"
NAMELESS_KEPT = timedelta(days=1)


def state_when_late(state: State) -> State:
    """EXPIRED, but IN_DOUBT where a secret is out: the card service may still report."""
    return State.IN_DOUBT if state is State.RELEASED else State.EXPIRED


def expire(operation: Operation, now: datetime) -> None:
    """Close a late operation (locked by the caller) and write it down."""
    apply(operation, Deed.EXPIRE, state_when_late(State(operation.state)), now, code=CODE)
    operation.save(update_fields=["state", "code", "closed_at"])
    access.audit(Event.OPERATION_EXPIRED, operation, now, state=operation.state)


def sweep(now: datetime) -> int:
    """Close all late operations; how many there were. Forgets what is a day old of counts of attempts, and of
    logins that came to no holder: anybody can begin one.
    """
    late = Operation.objects.filter(state__in=OPEN_STATES, expires_at__lte=now).values_list("pk", flat=True)
    closed = 0
    for operation_id in list(late):
        with transaction.atomic():
            try:
                operation = access.locked(operation_id)
            except OperationNotFound:
                continue
            if access.is_late(operation, now):
                expire(operation, now)
                closed += 1
    AttemptCount.objects.filter(window__lt=int(now.timestamp()) // 3600 - 24).delete()
    Operation.objects.filter(holder=None, expires_at__lte=now - NAMELESS_KEPT).delete()
    return closed
