"""How far a code is on its way to the phone, and from when its 300 seconds count (A13).

They count from the moment at which the gateway accepted the message; where the answer was lost, from that
moment, since the message may have arrived. A code that never left gives the day's budget back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from kilitcoz_portal.outgoing import queries as outgoing
from kilitcoz_portal.outgoing.models import Priority, State
from kilitcoz_portal.outgoing.queries import Progress
from kilitcoz_portal.outgoing.services import TRIED_FOR
from kilitcoz_portal.signin import budgets
from kilitcoz_portal.signin.models import CodeRequest

LIFE = timedelta(seconds=300)
LONGEST_WAY = TRIED_FOR[Priority.CODE]


class Stage(StrEnum):
    """What the holder is told of a code's way."""

    SENDING = "sending"  # on its way to a gateway; nothing counts yet
    SENT = "sent"  # a gateway has it
    IN_DOUBT = "in-doubt"  # the gateway's answer was lost
    UNDELIVERED = "undelivered"  # the gateway has it, and heard that the phone never got it
    NOT_SENT = "not-sent"  # no gateway took it


@dataclass(frozen=True)
class Current:
    """A wish's code, and how far it is."""

    request: CodeRequest
    stage: Stage


def current(requests: QuerySet[CodeRequest]) -> Current | None:
    """The wish's request, its times as they follow from how far its message is."""
    request = requests.first()
    return Current(request, follow(request)) if request else None


def follow(request: CodeRequest) -> Stage:
    """Bring the request's times up to how far its message is; the stage."""
    progress = outgoing.progress(request.message_id) if request.message_id else None
    if progress is None:
        return Stage.SENT
    if progress.settled_at is None:
        return Stage.SENDING
    stage = _stage(progress)
    from_when = progress.accepted_at or progress.settled_at
    expires_at = from_when if stage is Stage.NOT_SENT else from_when + LIFE
    _note(request, stage, from_when, expires_at)
    return stage


def _stage(progress: Progress) -> Stage:
    if progress.state is State.IN_DOUBT:
        return Stage.IN_DOUBT
    if progress.state is State.FAILED:
        return Stage.UNDELIVERED if progress.accepted_at else Stage.NOT_SENT
    return Stage.SENT


def _note(request: CodeRequest, stage: Stage, sent_at: datetime, expires_at: datetime) -> None:
    """Write the times down, once for each change; whoever writes them first settles the budget too."""
    if (request.sent_at, request.expires_at) == (sent_at, expires_at):
        return
    same = CodeRequest.objects.filter(pk=request.pk, message_id=request.message_id, sent_at=request.sent_at)
    if same.update(sent_at=sent_at, expires_at=expires_at) == 1:
        if stage is Stage.NOT_SENT:
            budgets.give_back(request.holder_id, request.purpose)
        else:
            budgets.left_at(request.holder_id, request.purpose, sent_at)
    request.sent_at, request.expires_at = sent_at, expires_at
