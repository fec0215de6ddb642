"""Holders, their cards, and the certificates enrolled of each card."""

from __future__ import annotations

from django.db import models


class Holder(models.Model):
    """A person with a certificate. `id_number` is a T.C. Kimlik No, a foreigner's 99… number, or a passport
    number.
    """

    class IdKind(models.TextChoices):
        """What `id_number` is."""

        TCKN = "tckn"
        PASSPORT = "passport"

    id_number = models.CharField(max_length=20, unique=True)
    id_kind = models.CharField(max_length=8, choices=IdKind)
    name = models.CharField(max_length=120)
    surname = models.CharField(max_length=64, default="", blank=True)  # end of `name`; empty: its last word
    passport_of = models.CharField(
        max_length=2, default="", blank=True
    )  # ISO 3166-1 alpha-2 of who issued the passport; empty: not known, or no passport
    phone = models.CharField(max_length=16)  # E.164, e.g. +905321234567
    phone_changed_at = models.DateTimeField(null=True)  # null: as enrolled
    email = models.EmailField(default="", blank=True)  # empty: none known
    application_number = models.CharField(
        max_length=32, default="", blank=True
    )  # of the form; empty: none known
    language = models.CharField(max_length=2, default="tr")  # of messages: tr or en
    language_chosen_at = models.DateTimeField(null=True)  # null: as enrolled
    frozen_at = models.DateTimeField(null=True)  # "it was not me": no unlock until the call centre lifts it
    remote_unlock = models.BooleanField(default=True)  # the holder's own choice
    remote_unlock_changed_at = models.DateTimeField(null=True)  # null: never
    security_word_hash = models.CharField(max_length=160)
    word_expires_at = models.DateTimeField(null=True)  # of a word that staff has seen: to be changed at login
    created_at = models.DateTimeField()


class FormerWord(models.Model):
    """The hash of a security word that was given up, so that it does not come back."""

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="former_words")
    word_hash = models.CharField(max_length=160)
    replaced_at = models.DateTimeField()


class Unfreeze(models.Model):
    """Two people's decision to open a frozen account again; `phone` is the number that they set right."""

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="unfreezes")
    reason = models.CharField(max_length=200)
    phone = models.CharField(max_length=16, default="")  # E.164; empty: as it is
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, default="")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by="") | ~models.Q(approved_by=models.F("asked_by")),
                name="unfreeze_by_two",
            )
        ]


class SuspensionWish(models.Model):
    """The holder's wish, by the undo link, that every certificate be suspended. It is settled at once where
    the room `certificates` keeps them all; another authority's are the call centre's work.
    """

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="suspension_wishes")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)


class Card(models.Model):
    """A card as enrolled, and its counters as last seen (null: the card did not tell)."""

    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="cards")
    family = models.CharField(max_length=16)  # a name of kilitcoz_cards.families
    card_id = models.CharField(max_length=64)  # lower-case hex; PIV: the CHUID's GUID
    serial = models.CharField(max_length=32, default="")
    card_auth_key = models.BinaryField(null=True)  # SubjectPublicKeyInfo (DER) of PIV 9E
    pin_blocked = models.BooleanField(null=True)
    pin_retries_left = models.PositiveSmallIntegerField(null=True)
    puk_blocked = models.BooleanField(null=True)
    puk_retries_left = models.PositiveSmallIntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
    in_making = models.BooleanField(default=False)  # at the registrar's desk: not its holder's yet
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["family", "card_id"], name="card_enrolled_once")]

    @property
    def ref(self) -> str:
        """The card's name in the vault and under the capability's hash: `family:card_id`."""
        return f"{self.family}:{self.card_id}"

    @property
    def label(self) -> str:
        """What a holder can read off the card: `…4821`; empty where no serial is known."""
        return f"…{self.serial[-4:]}" if self.serial else ""

    @property
    def last_four(self) -> str:
        """The same without the mark, for messages; of the card's identifier where no serial is known."""
        return (self.serial or self.card_id)[-4:]


class CardCertificate(models.Model):
    """A certificate found on the card when it was enrolled."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="certificates")
    slot = models.CharField(max_length=4)  # PIV key reference, hex: 9a 9c 9d 9e
    der = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "slot"], name="one_certificate_per_slot")]
