"""One message to one gateway after the other, until one takes it. Runs in a worker (`kilitcoz work`).

Order as in rule R8: that it is being handed over is committed before it is handed over. Whatever happens in
between – the answer lost, the worker killed – leaves the message in doubt, not in the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from kilitcoz_portal.outgoing import rests
from kilitcoz_portal.outgoing.gateways import AnswerLost, Channel, Gateway, NotAccepted, Refused
from kilitcoz_portal.outgoing.models import Message, Priority, State
from kilitcoz_portal.outgoing.services import Letter, enqueue
from kilitcoz_portal.outgoing.states import Deed, apply

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

GATEWAY_BROKEN = "gateway-broken"
LEASE_MARGIN = timedelta(seconds=15)
PAUSES = {
    Priority.CODE: (timedelta(seconds=2), timedelta(seconds=30)),
    Priority.NOTICE: (timedelta(seconds=30), timedelta(hours=1)),
}  # after the first refusal, and at most; doubled in between


def deliver(channel: Channel, message_id: int, clock: Clock) -> None:
    """Try every gateway that is awake, once; what none took is put back, to be tried later."""
    message = Message.objects.filter(pk=message_id, state=State.QUEUED).first()
    if message is None:
        return
    now = clock()
    if message.useful_until <= now:
        apply(message.pk, Deed.WITHDRAW, now, code="late")
        return
    for gateway in rests.awake(channel.gateways(), now):
        if not _take(message, gateway, clock()):
            return  # another worker has it
        if _hand_over(message, gateway, clock):
            return
    _put_back(channel, message, clock())


def _take(message: Message, gateway: Gateway, now: datetime) -> bool:
    """Write down that this gateway is about to be handed the message, before it is."""
    deed = Deed.TAKE if message.state == State.QUEUED else Deed.TAKE_ON
    lease = now + timedelta(seconds=gateway.seconds) + LEASE_MARGIN
    taken = apply(message.pk, deed, now, tries=message.tries, gateway=gateway.name, lease_until=lease)
    message.state, message.tries, message.gateway = State.SENDING, message.tries + 1, gateway.name
    return taken


def _hand_over(message: Message, gateway: Gateway, clock: Clock) -> bool:
    """Whether the matter is settled; False: certainly not accepted, ask another."""
    letter = Letter(message.address, message.purpose, message.text, message.subject)
    try:
        gateway_id = gateway.send(letter.parcel(message.reference, clock()))
    except NotAccepted as fault:
        message.code = fault.code
        rests.failed(gateway, clock())
        log.warning("message-not-accepted", message=message.pk, gateway=gateway.name, code=fault.code)
        return False
    except Refused as fault:
        _settle(message, Deed.REFUSE, clock(), code=fault.code)
    except AnswerLost as fault:
        rests.failed(gateway, clock())
        _settle(message, Deed.LOSE, clock(), code=fault.code)
    except Exception as fault:  # noqa: BLE001 - whatever a gateway of others raises: perhaps it was taken
        _settle(message, Deed.LOSE, clock(), code=GATEWAY_BROKEN, fault=type(fault).__name__)
    else:
        now = clock()
        apply(message.pk, Deed.ACCEPT, now, tries=message.tries, gateway_id=gateway_id, accepted_at=now)
        rests.worked(gateway)
    return True


def _settle(message: Message, deed: Deed, now: datetime, *, code: str, **told: str) -> None:
    """An end without acceptance; in the log by code alone."""
    apply(message.pk, deed, now, tries=message.tries, code=code)
    log.error("message-not-sent", message=message.pk, gateway=message.gateway, deed=deed, code=code, **told)


def _put_back(channel: Channel, message: Message, now: datetime) -> None:
    """Into the queue once more, each time for longer; not before a gateway is awake."""
    first, longest = PAUSES[Priority(message.priority)]
    pause = min(first * 2 ** min(max(message.tries - 1, 0), 16), longest)
    at = rests.next_awake_at(channel.gateways(), now)
    deed = Deed.POSTPONE
    if message.state == State.SENDING:
        deed, at = Deed.PUT_BACK, max(at, now + pause)
    with transaction.atomic():
        back = apply(
            message.pk, deed, now, tries=message.tries, code=message.code, lease_until=None, next_try_at=at
        )
        if back:
            enqueue(channel, message.pk, message.priority, run_after=at)
