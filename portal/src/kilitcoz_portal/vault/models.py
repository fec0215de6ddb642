"""The vault's own tables. Values are in `CardSecret.sealed` only; every other column there is bound into its
AAD.
"""

from __future__ import annotations

from django.db import models

from kilitcoz_portal.vault.states import SecretState


class CardSecret(models.Model):
    """One card's unlock secret: what snapshot.Snapshot describes, its lease, and the sealed box."""

    card_ref = models.CharField(primary_key=True, max_length=90)  # Card.ref, `family:card_id`
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in SecretState])
    version = models.PositiveIntegerField()
    next_version = models.PositiveIntegerField()
    pending_live = models.BooleanField()
    pending_first = models.BooleanField()
    proved = models.BooleanField()
    rotates = models.BooleanField()
    tries = models.PositiveSmallIntegerField()
    tries_total = models.PositiveSmallIntegerField()
    snapshot = models.PositiveSmallIntegerField()
    told = models.BooleanField()
    released = models.CharField(max_length=20, blank=True)  # candidates, by comma, in order
    new_is = models.CharField(max_length=8)

    fence = models.BigIntegerField(default=0)  # of the newest release (R9)
    operation_id = models.CharField(max_length=22, blank=True)  # whose release that was
    recipient = models.BinaryField(max_length=32)  # the key it may be sealed to
    lease_until = models.BigIntegerField(default=0)  # seconds since 1970; 0: settled, nothing is out

    sequence = models.BigIntegerField()  # of the newest journal entry
    head = models.BinaryField(max_length=32)  # and its MAC
    settled_sequence = models.BigIntegerField(default=0)  # of the newest result or lease end
    key_id = models.CharField(max_length=16)
    wrapped_key = models.BinaryField(max_length=60)
    sealed = models.BinaryField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state=SecretState.ARMED),
                name="vault_armed_by_lease",
            ),
            models.Index(
                fields=["state", "changed_at"],
                condition=~models.Q(state=SecretState.KNOWN),
                name="vault_unsettled",
            ),
        ]


class CardManagementKey(models.Model):
    """That a card has, or is to get, a management key of ours. Stored nowhere: management.py derives it."""

    card_ref = models.CharField(primary_key=True, max_length=90)
    made_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)  # the card took an answer by it


class JournalEntry(models.Model):
    """One move of one secret. Chained: `mac` covers the row and the MAC before it, by a key of the card's
    own.
    """

    card_ref = models.CharField(max_length=90)
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    trigger = models.CharField(max_length=12)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    fence = models.BigIntegerField()
    operation_id = models.CharField(max_length=22, blank=True)
    tries = models.PositiveSmallIntegerField()
    detail = models.JSONField(
        default=list
    )  # short words: commands with status words, names, reasons; no values
    mac = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["card_ref", "sequence"], name="vault_journal_in_order")
        ]


class Budget(models.Model):
    """Releases (or refusals) counted in a window of time, for all processes."""

    scope = models.CharField(max_length=110)
    window = models.BigIntegerField()  # number of the window since 1970
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "window"], name="vault_budget_per_window")]


class Override(models.Model):
    """Two people's decision to go on where software may not (R3): good for one release within a day."""

    card_ref = models.CharField(max_length=90, db_index=True)
    reason = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by="") | ~models.Q(approved_by=models.F("asked_by")),
                name="vault_override_by_two",
            )
        ]
