"""What was told to a holder, and the undo link that went with it."""

from __future__ import annotations

from django.db import models

from kilitcoz_portal.holders.models import Holder


class Notice(models.Model):
    """One thing told. The undo link's secret is stored only as its SHA-256."""

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=24)  # kinds.Kind
    card = models.CharField(max_length=8, default="")  # last four, where a card is concerned
    device = models.CharField(max_length=60, default="")  # the browser's family, where one is concerned
    network = models.CharField(max_length=45, default="")  # the address's first half
    at = models.DateTimeField(db_index=True)
    undo_hash = models.BinaryField(max_length=32, unique=True, null=True)  # null: cannot be undone by a link
    undone_at = models.DateTimeField(null=True)
