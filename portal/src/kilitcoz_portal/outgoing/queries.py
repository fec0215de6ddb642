"""Reading the journal: how far a message is, and how the channels fare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from kilitcoz_portal.outgoing.models import GatewayRest, Message, Priority, State


@dataclass(frozen=True)
class Progress:
    """How far one message is. `settled_at` is None as long as it is on its way to a gateway."""

    state: State
    accepted_at: datetime | None
    settled_at: datetime | None


def progress(message_id: int) -> Progress | None:
    """None where the journal has forgotten it."""
    row = Message.objects.filter(pk=message_id).values_list("state", "accepted_at", "settled_at").first()
    return Progress(State(row[0]), row[1], row[2]) if row else None


@dataclass(frozen=True)
class Conversion:
    """Of the newest `sent` codes that had their time, `answered` were entered."""

    sent: int
    answered: int

    @property
    def percent(self) -> int:
        """The share, in whole percent; 100 where none was sent."""
        return 100 * self.answered // self.sent if self.sent else 100


def conversion(channel: str, newest: int, *, sent_before: datetime) -> Conversion:
    """How many of the channel's newest codes, accepted before `sent_before`, were entered."""
    codes = Message.objects.filter(channel=channel, priority=Priority.CODE, accepted_at__lte=sent_before)
    entered = list(codes.order_by("-pk").values_list("answered_at", flat=True)[:newest])
    return Conversion(len(entered), sum(at is not None for at in entered))


def counts(channel: str) -> dict[str, int]:
    """Messages in each state."""
    rows = Message.objects.filter(channel=channel).values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def overdue_since(channel: str) -> datetime | None:
    """Since when the longest-waiting message of this channel should have been tried."""
    queued = Message.objects.filter(channel=channel, state=State.QUEUED)
    first: datetime | None = queued.aggregate(first=Min("next_try_at"))["first"]
    return first


def resting(now: datetime) -> list[str]:
    """Names of gateways that are left alone at the moment."""
    return list(GatewayRest.objects.filter(until__gt=now).order_by("name").values_list("name", flat=True))
