"""The outbox: e-mails that are kept instead of sent. For the demo and for tests only."""

from django.db import models


class OutboxMail(models.Model):
    """One e-mail as the holder's program would show it."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    purpose = models.CharField(max_length=32)
    sent_at = models.DateTimeField(db_index=True)
