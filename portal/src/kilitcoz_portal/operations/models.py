"""Operations, pairing codes and the durable counters that limit guessing them."""

from __future__ import annotations

from django.db import models

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.holders.models import Card, Holder


class State(models.TextChoices):
    """Where an operation stands; the moves between them are the table in operations.states."""

    AWAITING_CODE = "awaiting_code"
    AUTHORISED = "authorised"
    CLAIMED = "claimed"
    IDENTIFIED = "identified"
    RELEASED = "released"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN_STATES = (State.AWAITING_CODE, State.AUTHORISED, State.CLAIMED, State.IDENTIFIED, State.RELEASED)


_LOGIN, _PERSONALISE = OperationKind.LOGIN.value, OperationKind.PERSONALISE.value


class Operation(models.Model):
    """One deed of one holder with one card. Nothing in a row opens anything: bearer secrets are derived, not
    stored.

    A login begins with neither: its holder is known once the card's token was accepted, and it belongs to no
    enrolled card. A registrar's desk has neither: it is about the cards of a batch.
    """

    id = models.CharField(primary_key=True, max_length=22)  # base64url of 16 random bytes
    kind = models.CharField(max_length=16)  # kilitcoz_cards.messages.OperationKind
    state = models.CharField(max_length=16, choices=State)
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="operations", null=True)
    card = models.ForeignKey(
        Card, on_delete=models.PROTECT, related_name="operations", db_index=False, null=True
    )
    beyond_phone = models.BooleanField(default=False)  # the holder proved more than word and SMS (A10)
    browser_hash = models.BinaryField(max_length=32)  # SHA-256 of the browser's random string
    language = models.CharField(max_length=2)
    nonce = models.CharField(max_length=22)
    number = models.CharField(max_length=2)  # the number to compare
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    receipt = models.CharField(
        max_length=120, default=""
    )  # of the operation-bound SMS code; the vault checks it again
    agent_key = models.BinaryField(
        max_length=32, null=True
    )  # X25519, one-time; set by the first claim, never changed
    decision = models.CharField(max_length=16, default="")
    puk_retries_left = models.PositiveSmallIntegerField(null=True)  # as the claim read it
    vault_sequence = models.BigIntegerField(default=0)  # where the vault's journal stood then
    fence = models.BigIntegerField(null=True)
    code = models.CharField(
        max_length=40, default=""
    )  # why it failed or was aborted; a row of docs/errors.md
    closed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)  # the completion secret was presented
    # of a login:
    browser_name = models.CharField(max_length=64, default="")  # family and system, as the browser said
    began_from = models.CharField(max_length=66, default="")  # keyed hash of the network; operations.networks
    paired = models.BooleanField(default=False)  # it came to a card service by a typed code
    token_hash = models.BinaryField(max_length=32, null=True)  # SHA-256 of the first token presented
    confirmations_left = models.PositiveSmallIntegerField(default=3)  # numbers that may still be typed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=models.Q(state__in=OPEN_STATES), name="one_open_operation_per_card"
            ),
            models.UniqueConstraint(
                fields=["browser_hash"],
                condition=models.Q(kind=_LOGIN, state__in=OPEN_STATES),
                name="one_open_login_per_browser",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=_LOGIN, card=None)
                | models.Q(kind=_PERSONALISE, holder=None, card=None)
                | (
                    ~models.Q(kind__in=[_LOGIN, _PERSONALISE])
                    & models.Q(holder__isnull=False, card__isnull=False)
                ),
                name="only_logins_and_desks_lack_holder_and_card",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=_LOGIN, state=State.SUCCEEDED, holder=None),
                name="a_login_succeeds_for_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=models.Q(state__in=OPEN_STATES), name="open_by_expiry"
            ),
            models.Index(fields=["card", "fence"], name="operation_by_card"),
        ]

    @property
    def enrolled_card(self) -> Card:
        """The card of any operation but a login; a constraint holds that there is one."""
        assert self.card is not None
        return self.card

    @property
    def known_holder(self) -> Holder:
        """The holder of any operation but a login that has not succeeded."""
        assert self.holder is not None
        return self.holder


class SignatureOrder(models.Model):
    """What one operation of kind `sign` has signed: nothing that the card service could choose.

    `subject` names the document to whoever ordered the signature.
    """

    operation = models.OneToOneField(Operation, on_delete=models.CASCADE, related_name="order")
    subject = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    document_hash = models.BinaryField(max_length=48)
    signed_attributes = models.BinaryField(max_length=1024)
    certificate_sha256 = models.CharField(max_length=64)
    signature_hash = models.BinaryField(max_length=32, null=True)  # SHA-256 of the first one presented


class PairingCode(models.Model):
    """A typed way to an operation's capability: one use, ten minutes; only a keyed hash is stored."""

    code_hash = models.BinaryField(max_length=32, unique=True)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="pairing_codes")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AttemptCount(models.Model):
    """Attempts in a window of time, by subject (`pair:<address>`); counted in the database, so that all
    processes see it.
    """

    subject = models.CharField(max_length=80)
    window = models.BigIntegerField()  # number of the window since 1970
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "window"], name="one_count_per_window")]
