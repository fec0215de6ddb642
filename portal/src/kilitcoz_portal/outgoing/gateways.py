"""What a gateway is, and the three ways in which it can fail; which of them it was decides whether the
message may be handed over again.

GatewayFault
├── NotAccepted  certainly not taken: never reached, or refused for now; it may be tried again
├── Refused      certainly not taken, and asking again would not help
└── AnswerLost   perhaps taken: the answer did not come
"""
# ruff: noqa: N818 -- the names say what happened

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django_tasks.base import Task


class GatewayFault(Exception):
    """A message was not, or perhaps not, accepted. `code` is a slug for the journal; never number or text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotAccepted(GatewayFault):
    """Nothing was taken. The gateway rests a while, and the message is tried again, here or elsewhere."""


class Refused(GatewayFault):
    """Nothing was taken, and this message never will be."""


class AnswerLost(GatewayFault):
    """The message may be on its way. It is never handed over again by itself."""


@dataclass(frozen=True)
class Parcel:
    """What is handed to a gateway, and when. `reference` is the message's own, for gateways that know
    repeats.
    """

    reference: str
    address: str
    purpose: str
    at: datetime
    text: str = field(repr=False)
    subject: str = ""


class Gateway(Protocol):
    """Carries messages of one channel. `is_local`: keeps them in this house, at once, in the caller's
    transaction, so that no worker is needed. `seconds`: the longest it may take over one message.
    """

    @property
    def name(self) -> str: ...

    @property
    def is_local(self) -> bool: ...

    @property
    def seconds(self) -> float: ...

    def send(self, parcel: Parcel) -> str:
        """Hand the message over; the gateway's own name for it, or "". Raises GatewayFault's kinds."""
        ...

    def open(self) -> None:
        """Make ready what must be: a worker starts."""
        ...

    def close(self) -> None:
        """End what is open: the worker stops."""
        ...


@dataclass(frozen=True)
class Channel:
    """One way of reaching people: its name in the journal, its gateways in the order of preference, and the
    task that delivers one message of it.
    """

    name: str
    gateways: Callable[[], Sequence[Gateway]]
    task: Task[[int], None]
