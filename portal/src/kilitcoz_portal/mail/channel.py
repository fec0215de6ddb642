"""E-mail as a channel of outgoing messages."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from kilitcoz_portal.mail import gateways
from kilitcoz_portal.outgoing import sending
from kilitcoz_portal.outgoing.gateways import Channel


@task()
def deliver(message_id: int) -> None:
    """Hand one e-mail to the mail server; run by a worker."""
    sending.deliver(MAIL, message_id, timezone.now)


MAIL = Channel("mail", gateways.configured, deliver)
