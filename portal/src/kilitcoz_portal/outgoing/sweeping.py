"""What workers that died left behind (rule R7), what is too late, and what is old enough to forget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from kilitcoz_portal.outgoing.gateways import Channel
from kilitcoz_portal.outgoing.models import Message, State
from kilitcoz_portal.outgoing.services import enqueue
from kilitcoz_portal.outgoing.states import Deed, apply

OVERDUE = timedelta(minutes=1)
KEPT_FOR = timedelta(days=30)
TASKS_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Swept:
    """How many messages were put in doubt, given up as late, and queued anew."""

    in_doubt: int
    late: int
    queued_anew: int


def sweep(channel: Channel, now: datetime) -> Swept:
    """Settle this channel's messages that no worker will settle. Run it each minute."""
    messages = Message.objects.filter(channel=channel.name)
    leases = messages.filter(state=State.SENDING, lease_until__lte=now).values_list("pk", "tries")
    doubts = [apply(pk, Deed.LOSE, now, tries=tries, code="worker-lost") for pk, tries in list(leases)]
    queued = messages.filter(state=State.QUEUED)
    late = queued.filter(useful_until__lte=now).values_list("pk", flat=True)
    given_up = [apply(pk, Deed.WITHDRAW, now, code="late") for pk in list(late)]
    anew = [_queue_anew(channel, message, now) for message in queued.filter(next_try_at__lte=now - OVERDUE)]
    messages.filter(settled_at__lte=now - KEPT_FOR).delete()
    return Swept(sum(doubts), sum(given_up), sum(anew))


def forget_tasks(now: datetime) -> None:
    """Drop the tasks that were done, and those of workers which died, after a day."""
    old = now - TASKS_KEPT_FOR
    DBTaskResult.objects.filter(finished_at__lte=old).delete()
    DBTaskResult.objects.filter(finished_at=None, started_at__lte=old).delete()


def _queue_anew(channel: Channel, message: Message, now: datetime) -> bool:
    """No worker came for it in time; its task may have died with one."""
    with transaction.atomic():
        if not apply(message.pk, Deed.POSTPONE, now, tries=message.tries, next_try_at=now):
            return False
        enqueue(channel, message.pk, message.priority)
    return True
