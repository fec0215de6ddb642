"""The event table. Rows are inserted and read, never changed."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """One thing that happened. References are plain ids, not foreign keys: an event outlives what it speaks
    of.
    """

    at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=40)
    holder_id = models.BigIntegerField(null=True)
    card_id = models.BigIntegerField(null=True)
    operation_id = models.CharField(max_length=22, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["holder_id", "id"], name="audit_by_holder"),
            models.Index(fields=["operation_id", "id"], name="audit_by_operation"),
        ]
