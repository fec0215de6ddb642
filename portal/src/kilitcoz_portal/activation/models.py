"""What an authority could not do when a first PIN was set, and is asked for again."""

from __future__ import annotations

from django.db import models

from kilitcoz_portal.operations.models import Operation


class OwedOpening(models.Model):
    """The card has its first PIN, and its certificates are still to be opened; written with the operation's
    end. `given_up`: the code of why it never will be.
    """

    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="owed_opening")
    owed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    given_up = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["owed_at"], condition=models.Q(done_at=None, given_up=""), name="openings_still_owed"
            ),
        ]
