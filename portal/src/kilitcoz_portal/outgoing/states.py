"""Every move of a message as one literal table, and the one function that applies it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import F

from kilitcoz_portal.outgoing.models import OPEN_STATES, Message, State


class Deed(StrEnum):
    """What moves a message."""

    TAKE = "take"  # a worker has it, and is about to hand it to a gateway
    TAKE_ON = "take-on"  # the same worker goes on to the next gateway
    POSTPONE = "postpone"  # no gateway is awake
    PUT_BACK = "put-back"  # certainly not accepted: to be tried again
    ACCEPT = "accept"  # the gateway took it; also an answer that came after all
    REFUSE = "refuse"  # the gateway will never take it
    LOSE = "lose"  # the answer, or the worker, was lost
    WITHDRAW = "withdraw"  # late, or replaced by a newer one, before anybody took it
    DELIVER = "deliver"  # the gateway's receipt: it is on the phone
    MISS = "miss"  # the gateway's receipt: it never will be


S = State

MOVES: dict[Deed, tuple[frozenset[State], State]] = {
    Deed.TAKE: (frozenset({S.QUEUED}), S.SENDING),
    Deed.TAKE_ON: (frozenset({S.SENDING}), S.SENDING),
    Deed.POSTPONE: (frozenset({S.QUEUED}), S.QUEUED),
    Deed.PUT_BACK: (frozenset({S.SENDING}), S.QUEUED),
    Deed.ACCEPT: (frozenset({S.SENDING, S.IN_DOUBT}), S.ACCEPTED),
    Deed.REFUSE: (frozenset({S.SENDING, S.IN_DOUBT}), S.FAILED),
    Deed.LOSE: (frozenset({S.SENDING}), S.IN_DOUBT),
    Deed.WITHDRAW: (frozenset({S.QUEUED}), S.FAILED),
    Deed.DELIVER: (frozenset({S.ACCEPTED}), S.DELIVERED),
    Deed.MISS: (frozenset({S.ACCEPTED}), S.FAILED),
}


def apply(message_id: int, deed: Deed, now: datetime, *, tries: int | None = None, **also: Any) -> bool:
    """Move the message in one conditional UPDATE; False where it does not stand where the table wants it.

    `tries`: only if nobody has taken it since. Being taken adds one to them; a message that is open no more
    loses its text and its lease.
    """
    sources, target = MOVES[deed]
    standing = Message.objects.filter(pk=message_id, state__in=sources)
    if tries is not None:
        standing = standing.filter(tries=tries)
    if target is State.SENDING:
        also["tries"] = F("tries") + 1
    elif target not in OPEN_STATES:
        also = {"text": "", "subject": "", "lease_until": None, "settled_at": now} | also
    return standing.update(state=target, **also) == 1
