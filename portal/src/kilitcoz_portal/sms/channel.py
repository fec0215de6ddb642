"""SMS as a channel of outgoing messages."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from kilitcoz_portal.outgoing import sending
from kilitcoz_portal.outgoing.gateways import Channel
from kilitcoz_portal.sms import gateways


@task()
def deliver(message_id: int) -> None:
    """Hand one message to a gateway; run by a worker."""
    sending.deliver(SMS, message_id, timezone.now)


SMS = Channel("sms", gateways.configured, deliver)
