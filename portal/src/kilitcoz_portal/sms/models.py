"""The outbox: messages that the outbox gateway keeps instead of sending. For the demo and for tests only."""

from django.db import models


class OutboxMessage(models.Model):
    """One message as the holder's phone would show it."""

    to = models.CharField(max_length=16)
    text = models.CharField(max_length=400)
    purpose = models.CharField(max_length=32)
    sent_at = models.DateTimeField(db_index=True)
