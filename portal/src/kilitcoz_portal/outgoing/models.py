"""The journal of messages, and which gateways rest. Texts live here only until they are taken."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a message stands; states.MOVES has every move."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    IN_DOUBT = "in-doubt"


OPEN_STATES = frozenset({State.QUEUED, State.SENDING})


class Priority(models.IntegerChoices):
    """Codes go before notices: somebody is waiting for a code."""

    NOTICE = 0
    CODE = 50


class Message(models.Model):
    """One message to one address. `tries` counts the times it was handed to a gateway, and is the fencing
    token of the last: a stale worker's word does not count. `settled_at`: nothing more was to be done.
    """

    reference = models.CharField(max_length=22, unique=True)
    channel = models.CharField(max_length=8)
    address = models.CharField(max_length=254)
    purpose = models.CharField(max_length=16)
    subject = models.CharField(max_length=200, default="")
    text = models.TextField()
    priority = models.SmallIntegerField(choices=Priority)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    code = models.CharField(max_length=40, default="")  # why it was not accepted, or not the last time
    tries = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_index=True)
    next_try_at = models.DateTimeField()
    useful_until = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    gateway = models.CharField(max_length=32, default="")
    gateway_id = models.CharField(max_length=128, default="")
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)  # its code was entered

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[State.QUEUED, State.SENDING]) | Q(text="", subject=""),
                name="no_text_of_a_message_that_was_taken",
            )
        ]
        indexes = [
            models.Index(fields=["channel", "state", "next_try_at"], name="outgoing_by_state"),
            models.Index(fields=["gateway", "gateway_id"], name="outgoing_by_gateway_id"),
            models.Index(fields=["channel", "priority", "-id"], name="outgoing_newest"),
        ]


class GatewayRest(models.Model):
    """A gateway that failed, and until when it is left alone; no row where all is well."""

    name = models.CharField(primary_key=True, max_length=40)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
