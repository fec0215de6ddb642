"""Certificates of holders, every change of their states, and what the authority is still to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kilitcoz_portal.holders.models import Card, Holder


class State(models.TextChoices):
    """Where a certificate stands; the moves between them are the table in certificates.states."""

    PRODUCED = "produced"  # made, its card still at the registrar's desk
    AWAITING_ACTIVATION = "awaiting_activation"  # its card is on the way to the holder, or with them
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Role(models.TextChoices):
    """Who changes a state."""

    HOLDER = "holder"
    OFFICER = "officer"  # of the institution that the certificate was made for
    OPERATOR = "operator"  # one person of the call centre
    TWO_OPERATORS = "two_operators"
    REGISTRAR = "registrar"
    SYSTEM = "system"


class Certificate(models.Model):
    """One certificate of one card. On hold at the authority in every state that waits or is suspended."""

    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="certificates")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="states")
    slot = models.CharField(max_length=4)  # PIV key reference, hex: 9a 9c 9e; another family's key id
    profile = models.CharField(max_length=16)  # ca.profiles.ProfileName
    institution = models.CharField(max_length=120, default="", blank=True)  # empty: a private person's
    serial_number = models.CharField(max_length=40, unique=True)  # lower-case hex
    request_id = models.CharField(max_length=43, unique=True)  # of the wish at the authority
    der = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State)
    state_at = models.DateTimeField()
    suspended_from = models.CharField(max_length=20, choices=State, default="", blank=True)
    suspended_until = models.DateTimeField(null=True)
    held_by = models.CharField(max_length=16, choices=Role, default="", blank=True)  # whose suspension it is
    end_told_at = models.DateTimeField(null=True)  # that the suspension ends soon
    reason = models.CharField(max_length=24, default="", blank=True)  # reasons.Reason, of the last change
    revocation_planned_at = models.DateTimeField(null=True)
    planned_reason = models.CharField(max_length=24, default="", blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state=State.SUSPENDED,
                    held_by__in=Role.values,
                    suspended_from__in=State.values,
                    suspended_until__isnull=False,
                )
                | (~Q(state=State.SUSPENDED) & Q(held_by="", suspended_from="", suspended_until=None)),
                name="a_suspension_is_somebodys_and_ends",
            ),
            models.CheckConstraint(
                condition=Q(revocation_planned_at=None, planned_reason="")
                | (Q(revocation_planned_at__isnull=False) & ~Q(state__in=[State.REVOKED, State.EXPIRED])),
                name="only_what_lives_has_an_end_planned",
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "card"], name="certificate_of_holder"),
            models.Index(fields=["state", "not_after"], name="certificate_by_end"),
        ]


class StatusOrder(models.Model):
    """What the authority is to say of a card's certificates; written with the deed, done when it was told.

    Orders of one card are carried out one after another. `asked_at` starts the 24 hours of EN 319 411-1.
    """

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="status_orders")
    serial_numbers = models.JSONField()  # list of str
    status = models.CharField(max_length=8)  # ca.models.Status
    reason = models.CharField(max_length=24)  # RFC 5280, 5.3.1, as pyca names it
    invalid_since = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    written_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=40, default="")  # the code, where the authority will never do it
    tries = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    alarmed = models.PositiveSmallIntegerField(default=0)  # clock.ALARMS that were raised

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(done_at=None), name="orders_not_done"),
        ]


class Change(models.Model):
    """One change of one certificate: its history, never altered."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="changes")
    deed = models.CharField(max_length=12)  # states.Deed
    from_state = models.CharField(max_length=20, choices=State, default="", blank=True)
    to_state = models.CharField(max_length=20, choices=State)
    role = models.CharField(max_length=16, choices=Role)
    by = models.CharField(max_length=80, default="")  # of staff; empty: the holder, or the system
    second = models.CharField(max_length=80, default="")
    reason = models.CharField(max_length=24, default="")
    at = models.DateTimeField()
    order = models.ForeignKey(StatusOrder, on_delete=models.PROTECT, null=True, related_name="changes")


class Proposal(models.Model):
    """What one operator asks for and another approves (A11): a deed on a card's certificates."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="certificate_proposals")
    serial_numbers = models.JSONField()  # list of str
    deed = models.CharField(max_length=12)  # states.Deed: open, resume or revoke
    reason = models.CharField(max_length=24)  # reasons.Reason
    invalid_since = models.DateTimeField(null=True)
    why = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, default="")
    approved_at = models.DateTimeField(null=True)
    alarmed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("asked_by")), name="certificate_deed_by_two"
            )
        ]
