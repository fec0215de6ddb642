"""An application: who wants a certificate, how far it is, and who let it go on."""

from __future__ import annotations

from django.db import models

from kilitcoz_portal.holders.models import Card, Holder


class Kind(models.TextChoices):
    """What is applied for."""

    FIRST = "first"
    RENEWAL = "renewal"
    REPLACEMENT = "replacement"  # of a card that is lost, stolen or broken


class Source(models.TextChoices):
    """Who applied: it says how much is known of them."""

    STRANGER = "stranger"  # on the public pages: anybody can write any number there
    HOLDER = "holder"  # signed in
    OFFICER = "officer"  # an institution's, for its people


class State(models.TextChoices):
    """How far it is; states.TABLE has the ways."""

    RECEIVED = "received"
    CHECKED = "checked"
    APPROVED = "approved"
    PRODUCED = "produced"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Payment(models.TextChoices):
    """Whether a card may be made, as far as money goes."""

    UNPAID = "unpaid"
    PAID = "paid"
    WAIVED = "waived"


IN_WORK = (State.CHECKED, State.APPROVED)
OPEN = (State.RECEIVED, *IN_WORK)
_CLAIMED = models.Q(state__in=IN_WORK) | (models.Q(state=State.RECEIVED) & ~models.Q(source=Source.STRANGER))


class Application(models.Model):
    """One person's wish for one certificate.

    `word_hash` is of the word on the form that was printed last, until approval gives it to the holder;
    `word_seen_by` names the staff who printed it. Texts of people are as holders.entries makes them.
    """

    number = models.CharField(max_length=14, unique=True)  # numbers.make
    id_number = models.CharField(max_length=20)
    id_kind = models.CharField(max_length=8, choices=Holder.IdKind)
    name = models.CharField(max_length=120)
    surname = models.CharField(max_length=64, default="", blank=True)  # end of `name`; empty: its last word
    passport_of = models.CharField(
        max_length=2, default="", blank=True
    )  # of who saw the passport: ISO 3166-1
    phone = models.CharField(max_length=16)  # E.164
    email = models.EmailField(default="", blank=True)
    language = models.CharField(max_length=2, default="tr")
    kind = models.CharField(max_length=12, choices=Kind)
    source = models.CharField(max_length=8, choices=Source)
    institution = models.CharField(max_length=120, default="", blank=True)
    entered_by = models.CharField(max_length=120, default="")  # the officer
    needs_signature = models.BooleanField(default=True)  # on paper; False: E-Onay was given
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    payment = models.CharField(max_length=7, choices=Payment, default=Payment.UNPAID)
    payment_by = models.CharField(max_length=120, default="")
    payment_at = models.DateTimeField(null=True)
    word_hash = models.CharField(max_length=160, default="")
    word_seen_by = models.CharField(max_length=120, default="")
    prints = models.PositiveSmallIntegerField(default=0)
    printed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(db_index=True)
    checked_by = models.CharField(max_length=120, default="")
    checked_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, default="")
    approved_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, default="")  # who produced, refused or withdrew it
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=24, default="")  # of a refusal (reasons.Reason) or a withdrawal
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, null=True, related_name="applications")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["id_number"], name="application_by_person"),
            models.Index(fields=["state", "received_at"], name="application_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by="") | ~models.Q(approved_by=models.F("checked_by")),
                name="application_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by="") | ~models.Q(checked_by=""),
                name="application_checked_first",
            ),
            models.UniqueConstraint(
                fields=["id_number"], condition=_CLAIMED, name="one_open_application_per_person"
            ),
        ]
