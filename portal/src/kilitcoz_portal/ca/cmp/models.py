"""The journal of what was asked of the authority elsewhere; written before anything is sent."""

from __future__ import annotations

from django.db import models


class Step(models.TextChoices):
    """Where a transaction for one certificate stands; states.py has the table."""

    SENT = "sent"  # the request is on its way, or was: it may have arrived
    WAITING = "waiting"  # the authority has it, and will say later
    DOUBT = "doubt"  # sent again it was refused: that may be for the first time's sake
    ANSWERED = "answered"  # the certificate is here, and not confirmed yet
    REJECTED = "rejected"  # it is another than was asked for: so the authority is to be told
    CONFIRMED = "confirmed"  # final: the authority knows that we have it
    ENDED = "ended"  # final: without a certificate that counts


class Enrolment(models.Model):
    """One transaction. Of one wish (`request_id`) there is another `attempt` only after the last has ended
    without a certificate. `sends` and `confirms` are counted before each sending; `fence` grows with each
    worker that takes it up, so that one who comes back late writes nothing.
    """

    request_id = models.CharField(max_length=43)
    attempt = models.PositiveSmallIntegerField(default=1)
    profile = models.CharField(max_length=16)  # profiles.ProfileName
    public_key = models.BinaryField()  # SubjectPublicKeyInfo
    subject = models.BinaryField()  # Name
    on_hold = models.BooleanField()
    transaction_id = models.CharField(max_length=32, unique=True)  # hex
    request = models.BinaryField()  # the exact octets
    step = models.CharField(max_length=9, choices=Step, default=Step.SENT)
    sends = models.PositiveIntegerField(default=0)
    confirms = models.PositiveIntegerField(default=0)
    answer = models.BinaryField(null=True)  # the last that counted, its exact octets
    poll_at = models.DateTimeField(null=True)
    der = models.BinaryField(null=True)
    serial_number = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001 - unique, or none yet
    cert_req_id = models.SmallIntegerField(null=True)
    fault = models.CharField(max_length=250, default="")
    doubted_at = models.DateTimeField(null=True)  # when a person was told that nobody knows
    held_at = models.DateTimeField(null=True)  # where `on_hold`: when the authority listed it
    fence = models.PositiveIntegerField(default=0)
    busy_until = models.DateTimeField(null=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request_id", "attempt"], name="one_enrolment_per_attempt")
        ]


class Surplus(models.Model):
    """A certificate that nobody asked for: a second one for the same key. It is revoked, and told of."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="surplus")
    serial_number = models.CharField(max_length=40, unique=True)
    der = models.BinaryField()
    found_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
