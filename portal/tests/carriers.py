"""Gateways that do as they are told, and workers that need no clock of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from kilitcoz_portal.outgoing import sending
from kilitcoz_portal.outgoing.gateways import Channel, GatewayFault, Parcel
from kilitcoz_portal.outgoing.models import Message, State
from kilitcoz_portal.sms import gateways
from kilitcoz_portal.sms.channel import SMS


@dataclass
class Carrier:
    """A gateway elsewhere. It takes everything, except while `faults` has something left to raise."""

    name: str = "first"
    faults: list[GatewayFault | Exception] = field(default_factory=list)
    down: GatewayFault | None = None
    handed: list[Parcel] = field(default_factory=list)
    taken: list[Parcel] = field(default_factory=list)
    is_local: bool = False
    seconds: float = 10.0

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing is open."""

    def send(self, parcel: Parcel) -> str:
        """The parcel's number here, or the next fault."""
        self.handed.append(parcel)
        if self.down is not None:
            raise self.down
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(parcel)
        return f"{self.name}-{len(self.taken)}"


def carry_sms(monkeypatch: pytest.MonkeyPatch, *carriers: Carrier) -> None:
    """SMS leave by these."""
    monkeypatch.setattr(gateways, "_made", lambda _named, _path: carriers)


def work(now: datetime, channel: Channel = SMS) -> None:
    """What a worker does at `now`: every message that is due, codes first."""
    due = Message.objects.filter(channel=channel.name, state=State.QUEUED, next_try_at__lte=now)
    for message_id in due.order_by("-priority", "pk").values_list("pk", flat=True):
        sending.deliver(channel, message_id, lambda: now)


def work_through(begin: datetime, until: datetime, channel: Channel = SMS) -> None:
    """What a worker does in this time, a second after the other."""
    moment = begin
    while moment <= until:
        work(moment, channel)
        moment += timedelta(seconds=1)
