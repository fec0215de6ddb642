"""The outbox, in which the outbox gateway keeps messages instead of sending them (demo and tests), and how
many messages each budget has seen.
"""

from django.db import models


class OutboxMessage(models.Model):
    """One message as the holder's phone would show it."""

    to = models.CharField(max_length=16)
    text = models.CharField(max_length=400)
    purpose = models.CharField(max_length=32)
    sent_at = models.DateTimeField(db_index=True)


class SentCount(models.Model):
    """Messages of one budget (budgets.Budget) since its window began."""

    scope = models.CharField(max_length=8)
    began_at = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "began_at"], name="one_sent_count_per_window")
        ]
