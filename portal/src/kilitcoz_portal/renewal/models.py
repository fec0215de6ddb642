"""Which holder was reminded of what."""

from __future__ import annotations

from django.db import models

from kilitcoz_portal.certificates.models import Certificate


class Reminder(models.Model):
    """That this certificate ends; `days`: the one of KILITCOZ_REMINDER_DAYS that had come. Written with the
    messages, so that none is ever sent twice.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "days"], name="one_reminder_per_end_and_day")
        ]
