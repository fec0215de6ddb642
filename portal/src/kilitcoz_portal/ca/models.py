"""What the embedded authority has signed, and what is published of it. Private keys lie in key files.

Status, list and answers change in one transaction, so that a CRL and an OCSP answer never differ (A39).
"""

from __future__ import annotations

from django.db import models


class Authority(models.Model):
    """The issuing authority of this installation, made by the key ceremony. Whoever changes a status locks
    this row first: one change after another.
    """

    name = models.SlugField(max_length=16, unique=True)  # in file names and addresses: `nes`
    certificate = models.BinaryField()
    root = models.BinaryField()
    root_list = models.BinaryField()  # the root's CRL, signed at the ceremony
    created_at = models.DateTimeField()


class Status(models.TextChoices):
    """What is said of a certificate."""

    GOOD = "good"
    ON_HOLD = "on_hold"
    REVOKED = "revoked"


class ListPiece(models.Model):
    """A part of the list, its entries encoded: a change touches one piece, a publication joins them all."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="pieces")
    entries = models.BinaryField(default=b"")
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["authority", "count"], name="piece_with_room")]


class Issued(models.Model):
    """One certificate. `request_id` names the wish for it: asked again, it is answered with the same one."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="issued")
    serial_number = models.CharField(max_length=40, unique=True)  # lower-case hex
    request_id = models.CharField(max_length=43, unique=True)
    profile = models.CharField(max_length=16)  # profiles.ProfileName
    der = models.BinaryField()
    not_after = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.GOOD)
    status_at = models.DateTimeField()
    reason = models.CharField(max_length=24, default="")  # RFC 5280, 5.3.1, as pyca names it: `keyCompromise`
    invalid_since = models.DateTimeField(null=True)
    piece = models.ForeignKey(ListPiece, on_delete=models.PROTECT, null=True, related_name="listed")


class PublishedList(models.Model):
    """One edition of the CRL: what stands around the pieces' entries (crl.Around). Only the newest one fits
    the pieces as they are.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="lists")
    number = models.PositiveBigIntegerField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    before = models.BinaryField(default=b"")  # empty: from a version that kept whole lists; due to be renewed
    after = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "number"], name="one_list_per_number")]


class ResponderCertificate(models.Model):
    """Who signs OCSP answers, for as long as its certificate lives."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="responders")
    certificate = models.BinaryField()
    not_after = models.DateTimeField()


class ReadyAnswer(models.Model):
    """An OCSP answer that was signed ahead; gone with the status that it tells of. Answers are read by the
    thousand: the row is where its certID says (answers.row_of), so that one look into one tree finds it, and
    the times are Unix seconds.
    """

    id = models.BigAutoField(primary_key=True)
    issued = models.ForeignKey(Issued, on_delete=models.CASCADE, related_name="answers")
    cert_id = models.BinaryField(max_length=32)  # ocsp.Question.cert_id
    der = models.BinaryField()
    this_update = models.BigIntegerField()
    next_update = models.BigIntegerField()
