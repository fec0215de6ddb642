"""Which holder was reminded of what; keys on their way to a new certificate."""

from __future__ import annotations

from django.db import models

from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations.models import Operation


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


class RenewalKey(models.Model):
    """A key that was made on a holder's card and proved itself: where its renewal stands. Kept from one
    operation to the next, until its certificate is on the card.
    """

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="renewal_keys")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="renewal_keys")
    slot = models.CharField(max_length=4)
    algorithm = models.CharField(max_length=16)  # kilitcoz_cards.identity.KeyAlgorithm
    public_key = models.BinaryField(max_length=1024)  # SubjectPublicKeyInfo, DER
    replaces = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="renewal_keys")
    request_id = models.CharField(max_length=43, unique=True)  # of the wish at the authority
    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, null=True, related_name="renewal_key"
    )
    made_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "slot"], condition=models.Q(written_at=None), name="one_new_key_per_slot"
            )
        ]
