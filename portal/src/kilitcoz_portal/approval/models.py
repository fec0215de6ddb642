"""Consents: what was read, what was signed, how far it was stamped, and when it was withdrawn."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kilitcoz_portal.holders.models import Card, Holder


class State(models.TextChoices):
    """Where a consent stands."""

    PREPARED = "prepared"  # a PDF with room for a signature; nobody has consented to anything
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Level(models.TextChoices):
    """How far its signature is kept (ETSI EN 319 142-1, 6)."""

    B_B = "B-B"  # signed
    B_T = "B-T"  # when it was signed is proved
    B_LTA = "B-LTA"  # with all that a validator needs, under a time stamp of the whole


class Consent(models.Model):
    """One consent of one holder. Its id is in addresses: 22 random characters.

    `prepared` is the PDF with an empty signature between `region_start` and `region_end`; its first
    `document_length` bytes are the PDF as it was before. `pdf` is the signed file at its present `level`.
    """

    id = models.CharField(primary_key=True, max_length=22)
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="consents")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="consents")
    version = models.CharField(max_length=16)  # texts.VERSIONS
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State)
    prepared_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    prepared = models.BinaryField()
    document_length = models.PositiveIntegerField()
    region_start = models.PositiveIntegerField()
    region_end = models.PositiveIntegerField()
    document_hash = models.BinaryField(max_length=48)
    attributes = models.BinaryField(max_length=1024)  # what is signed, DER
    certificate = models.BinaryField()  # the signer's, DER
    algorithm = models.CharField(max_length=5)  # kilitcoz_cards.authentication.SignatureAlgorithm

    signature = models.BinaryField(null=True)  # of the card, as CMS has it
    timestamp = models.BinaryField(null=True)  # of the signature: RFC 3161 token, DER
    pdf = models.BinaryField(null=True)
    level = models.CharField(max_length=6, choices=Level, default="", blank=True)
    stamp_due_at = models.DateTimeField(null=True)  # when to ask for the next time stamp
    stamp_tries = models.PositiveIntegerField(default=0)  # without success, since the last one
    stamp_error = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder"], condition=Q(state=State.GIVEN), name="one_consent_in_force_per_holder"
            ),
            models.CheckConstraint(
                condition=Q(state=State.PREPARED, signature=None, signed_at=None)
                | (~Q(state=State.PREPARED) & Q(signature__isnull=False, signed_at__isnull=False)),
                name="a_consent_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=State.WITHDRAWN) & Q(withdrawn_at=None)),
                name="a_withdrawn_consent_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stamp_due_at"], condition=Q(stamp_due_at__isnull=False), name="consents_to_stamp"
            ),
        ]
