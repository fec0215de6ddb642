"""The gateways: how a message leaves the house. A gateway is one method; the setting KILITCOZ_SMS_GATEWAY
names it.
"""

import sys
from datetime import datetime
from typing import Protocol

from django.conf import settings

from kilitcoz_portal.sms.models import OutboxMessage


class Gateway(Protocol):
    """Takes one message. Real gateways (HTTP, SMPP) come as classes beside these and a line in `GATEWAYS`."""

    def send(self, phone: str, text: str, *, purpose: str, now: datetime) -> datetime:
        """Hand the message over; the time at which it was accepted. Raises GatewayUnavailable."""
        ...


class ConsoleGateway:
    """Writes messages to standard error: for the machine of a developer, never for people."""

    def send(self, phone: str, text: str, *, purpose: str, now: datetime) -> datetime:
        """Accepted as soon as it is written."""
        sys.stderr.write(f"--- SMS {purpose} {now.isoformat()} {phone}\n{text}\n---\n")
        return now


class OutboxGateway:
    """Keeps messages in a table that the demo's /outbox page and the tests read."""

    def send(self, phone: str, text: str, *, purpose: str, now: datetime) -> datetime:
        """Accepted as soon as the row is there."""
        OutboxMessage.objects.create(to=phone, text=text, purpose=purpose, sent_at=now)
        return now


GATEWAYS: dict[str, type[Gateway]] = {"console": ConsoleGateway, "outbox": OutboxGateway}


def configured_gateway() -> Gateway:
    """The gateway that KILITCOZ_SMS_GATEWAY names. KeyError for another word: a wrong setting must stop the
    start.
    """
    return GATEWAYS[settings.KILITCOZ_SMS_GATEWAY]()
