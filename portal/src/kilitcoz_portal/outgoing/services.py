"""Taking messages for sending, in the transaction of the deed they tell of."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from kilitcoz_portal.outgoing.gateways import Channel, Parcel
from kilitcoz_portal.outgoing.models import Message, Priority, State
from kilitcoz_portal.outgoing.states import Deed, apply

TRIED_FOR = {Priority.CODE: timedelta(minutes=10), Priority.NOTICE: timedelta(days=2)}


@dataclass(frozen=True)
class Letter:
    """What to say to whom. `purpose` is a slug for the books."""

    address: str
    purpose: str
    text: str = field(repr=False)
    subject: str = ""

    def parcel(self, reference: str, now: datetime) -> Parcel:
        """As it is handed to a gateway."""
        return Parcel(reference, self.address, self.purpose, now, self.text, self.subject)


def queue(channel: Channel, letter: Letter, priority: Priority, now: datetime) -> int:
    """Take the letter; the message's number in the journal. A local gateway has it at once; for others a task
    is queued in the same transaction, so that the message leaves if, and only if, the deed is committed.
    """
    first = channel.gateways()[0]
    with transaction.atomic():
        message = _journalled(channel, letter, priority, now, taken_by=first.name if first.is_local else "")
        if first.is_local:
            first.send(letter.parcel(message.reference, now))
        else:
            enqueue(channel, message.pk, priority)
    return message.pk


def enqueue(channel: Channel, message_id: int, priority: int, run_after: datetime | None = None) -> None:
    """Have a worker look at the message, codes before notices. Looking twice does no harm."""
    channel.task.using(priority=priority, run_after=run_after).enqueue(message_id)


def withdraw(message_id: int, now: datetime, *, code: str) -> bool:
    """Do not send it after all; False where a worker already has it, or had it."""
    return apply(message_id, Deed.WITHDRAW, now, code=code)


def answered(message_id: int | None, now: datetime) -> None:
    """The code that this message carried was entered: it reached its reader."""
    if message_id is not None:
        Message.objects.filter(pk=message_id, answered_at=None).update(answered_at=now)


def _journalled(
    channel: Channel, letter: Letter, priority: Priority, now: datetime, *, taken_by: str
) -> Message:
    """The journal's row: queued with its text, or, where a local gateway takes it at once, without."""
    message = Message(
        reference=secrets.token_urlsafe(16),
        channel=channel.name,
        address=letter.address,
        purpose=letter.purpose,
        priority=priority,
        created_at=now,
        next_try_at=now,
        useful_until=now + TRIED_FOR[priority],
    )
    if taken_by:
        message.state, message.gateway = State.ACCEPTED, taken_by
        message.accepted_at = message.settled_at = now
    else:
        message.text, message.subject = letter.text, letter.subject
    message.save(force_insert=True)
    return message
