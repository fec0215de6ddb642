"""Batches of cards to be made, one job for each card, the keys made on it, and the numbers given out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations.models import Operation


class State(models.TextChoices):
    """Where a job stands; the moves between them are the table in issuance.states."""

    WAITING = "waiting"  # for a blank card
    BOUND = "bound"  # this card and no other; the vault has its PUK
    KEYED = "keyed"  # its keys are known here
    CERTIFIED = "certified"  # certificates are made for them, on hold
    WRITTEN = "written"  # they are on the card, read back
    DONE = "done"  # PUK and PIN are not the factory's: the card may leave the desk
    CANCELLED = "cancelled"


class Batch(models.Model):
    """Cards that are made one after another by one registrar. `turn`: of the newest report from the desk."""

    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    operation = models.OneToOneField(
        Operation, on_delete=models.SET_NULL, null=True, related_name="batch"
    )  # the newest one
    turn = models.PositiveBigIntegerField(default=0)


class Job(models.Model):
    """One card for one holder."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="jobs")
    place = models.PositiveSmallIntegerField()  # in the batch, from 1
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="jobs")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="jobs")
    state = models.CharField(max_length=12, choices=State)
    card = models.OneToOneField(Card, on_delete=models.PROTECT, null=True, related_name="job")
    fence = models.BigIntegerField(default=0)  # of the newest release of its card's secret
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="one_job_per_place"),
            models.CheckConstraint(
                condition=Q(state__in=[State.WAITING, State.CANCELLED]) | Q(card__isnull=False),
                name="only_who_waits_has_no_card",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WAITING) | Q(card=None), name="who_waits_has_no_card"
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=~Q(state=State.CANCELLED),
                name="one_card_for_an_application",
            ),
        ]

    @property
    def bound_card(self) -> Card:
        """The card of a job that neither waits nor was cancelled; a constraint holds that there is one."""
        assert self.card is not None
        return self.card

    @property
    def last_four(self) -> str:
        """What a person reads off the card; empty where there is none yet."""
        return (self.card.serial or self.card.card_id)[-4:] if self.card is not None else ""


class JobKey(models.Model):
    """A key that was made on the job's card, and the wish for its certificate."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="keys")
    slot = models.CharField(max_length=4)
    algorithm = models.CharField(max_length=16)  # kilitcoz_cards.identity.KeyAlgorithm
    public_key = models.BinaryField()  # SubjectPublicKeyInfo (DER)
    request_id = models.CharField(max_length=43, unique=True)
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, null=True, related_name="made")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="one_key_per_slot")]


class OfferedNumber(models.Model):
    """A GUID that was given out for a blank card, before anybody knows whether it reached one.

    A card that carries it, and is no job's, is as good as blank: nothing else was ever written to it.
    """

    card_id = models.CharField(max_length=64, primary_key=True)
    offered_at = models.DateTimeField()
