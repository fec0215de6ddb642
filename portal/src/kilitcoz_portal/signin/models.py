"""What a sign-in must remember between requests, in the database so that every process counts the same.

All counting is done by one conditional UPDATE per step; no row is read, judged and written back.
"""

from __future__ import annotations

from django.db import models

from kilitcoz_portal.holders.models import Holder


class HumanCheck(models.Model):
    """One picture, its spoken twin and its proof of work: answered once, by one browser, in five minutes."""

    id = models.CharField(primary_key=True, max_length=22)
    browser = models.CharField(max_length=43)
    picture_text = models.CharField(max_length=8)
    spoken_text = models.CharField(max_length=8)
    renderings = models.PositiveSmallIntegerField(
        default=0
    )  # pictures and sounds made of it: noise must not average out
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class TrustedBrowser(models.Model):
    """A browser that once logged in fully as this holder; its signed cookie carries `name` (22 characters).

    Trusted means: a lane of its own and no human check. It never stands for the word or the code.
    """

    name = models.CharField(max_length=22, unique=True)
    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class WordEntries(models.Model):
    """Entries of one identity number's word in one lane: of one trusted browser, or of all others together.

    `subject` is a keyed hash of the number, whether enrolled or not: what an outsider can observe does not
    depend on it. `wrong` closes the lane; `tries` and `next_at`, which slow it, count right entries too, so
    that nobody outside sees in them that the holder came in.
    """

    subject = models.CharField(max_length=64)
    lane = models.CharField(max_length=43)
    wrong = models.PositiveSmallIntegerField(default=0)  # since the last right one; past the limit: refused
    last_at = models.DateTimeField(db_index=True)  # of the last entry that was counted
    tries = models.PositiveSmallIntegerField(default=0)  # in a row, without a long pause
    next_at = models.DateTimeField()  # no entry is looked at before

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "lane"], name="one_count_per_subject_and_lane")
        ]


class WordTotal(models.Model):
    """Wrong entries of one number's word in all lanes, since the last right one or since it was freed."""

    subject = models.CharField(max_length=64, primary_key=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    enrolled = models.BooleanField()  # others are forgotten after a while
    last_at = models.DateTimeField(db_index=True)


class NetworkEntries(models.Model):
    """Wrong entries from one network (addresses.network_of), or from everywhere, in the running hour."""

    network = models.CharField(max_length=45, primary_key=True)
    window_began_at = models.DateTimeField(db_index=True)
    wrong = models.PositiveIntegerField(default=0)
    turned_away = models.PositiveIntegerField(default=0)  # for want of a turn; neither right nor wrong
    next_at = models.DateTimeField()  # no entry of a stranger is looked at before
    alarmed = models.BooleanField(default=False)  # in this window


class CodeRequest(models.Model):
    """One wish to prove the phone: for one browser, purpose and operation; re-sending replaces the code in
    it.

    Tries count over all sendings (A05, A08); only a keyed hash of the code is stored. `message_id` is the
    message that carries it (outgoing.Message); `sent_at` and `expires_at` follow how far that is (A13).
    """

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=43)
    purpose = models.CharField(max_length=8)  # codes.Purpose
    operation_id = models.CharField(max_length=22, default="")
    code_mac = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    message_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["browser", "purpose", "operation_id"], name="one_code_request_per_wish"
            )
        ]


class SendBudget(models.Model):
    """Messages sent to one holder for one purpose in the running 24 hours, and when the last one left."""

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=8)
    window_began_at = models.DateTimeField()
    sent = models.PositiveSmallIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "purpose"], name="one_send_budget_per_purpose")
        ]


class HolderSession(models.Model):
    """One browser signed in as one holder, from its first page to its end; the holder sees the list.

    `stored_key` is the name of Django's session (session_store), which dies with it. `browser_hash` is the
    SHA-256 under which operations know the browser that began them.
    """

    id = models.CharField(primary_key=True, max_length=22)  # base64url of 16 random bytes
    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="sessions")
    stored_key = models.CharField(max_length=40, unique=True)
    browser_hash = models.BinaryField(max_length=32)
    way = models.CharField(max_length=20)  # sessions.Way
    browser = models.CharField(max_length=20, default="")  # these three: devices.Device, as last seen
    system = models.CharField(max_length=20, default="")
    network = models.CharField(max_length=24, default="")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=20, default="")  # living.End

    class Meta:
        indexes = [models.Index(fields=["holder", "-began_at"], name="session_by_holder")]


class OidcAttempt(models.Model):
    """One browser's way to the identity provider and back: answered once, in ten minutes.

    The `state` itself is in the browser's address only; here is its SHA-256.
    """

    state_hash = models.CharField(primary_key=True, max_length=64)
    browser = models.CharField(max_length=43)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class PasskeyAccount(models.Model):
    """What the holder's passkeys have in common: the user handle by which authenticators know the holder
    (WebAuthn, 5.4.3: random, says nothing of the person), and whether an SMS code logs in as well.
    """

    holder = models.OneToOneField(Holder, on_delete=models.CASCADE, related_name="+")
    user_handle = models.BinaryField(max_length=32)
    sms_login = models.BooleanField(default=True)


class Passkey(models.Model):
    """One credential of one authenticator: its public key, and its signature counter as last seen."""

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.CharField(max_length=1364, unique=True)  # base64url of 1,023 bytes at most
    public_key = models.BinaryField()  # COSE_Key
    sign_count = models.PositiveBigIntegerField()
    backup_eligible = models.BooleanField()  # may leave its device; decided at its creation
    backed_up = models.BooleanField()  # has a copy elsewhere, as last seen
    transports = models.JSONField(default=list)
    label = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class PasskeyChallenge(models.Model):
    """What an authenticator is asked to sign, for one browser, deed and operation; answered once."""

    browser = models.CharField(max_length=43)
    deed = models.CharField(max_length=8)  # passkeys.challenges.Deed
    operation_id = models.CharField(max_length=22, default="")
    random = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["browser", "deed", "operation_id"], name="one_challenge_per_wish")
        ]


class SignatureTicket(models.Model):
    """One way from this portal to the page that asks for a certificate, and back: for the browser that took
    it, for five minutes, once. Of the secret that brings it back only a hash is stored.
    """

    id = models.CharField(primary_key=True, max_length=22)
    browser = models.CharField(max_length=43)
    language = models.CharField(max_length=2)
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    holder = models.ForeignKey(Holder, null=True, on_delete=models.CASCADE, related_name="+")
    completion_hash = models.BinaryField(null=True)
    presented_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)


class PendingContact(models.Model):
    """A phone or e-mail address that waits for the code sent to it; nothing of the holder has changed yet.

    One of each kind in one browser: entering another takes its place, with a code of its own.
    """

    id = models.CharField(primary_key=True, max_length=22)
    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=43)
    kind = models.CharField(max_length=5)  # contacts.Contact
    value = models.CharField(max_length=254)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["browser", "kind"], name="one_pending_contact_per_browser")
        ]


class WordRelease(models.Model):
    """The call centre's word that a caller is the holder: a code for one recovery of the security word.

    Only a keyed hash of the code is stored.
    """

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="+")
    code_mac = models.CharField(max_length=64)
    guesses = models.PositiveSmallIntegerField(default=0)  # right or wrong, from every browser
    made_by = models.CharField(max_length=80)  # the operator's name
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class WordRecovery(models.Model):
    """One browser's way to a new security word. `subject` is the number's name in the counts; `holder` is
    empty where nobody is enrolled under it, which no page shows.
    """

    id = models.CharField(primary_key=True, max_length=22)
    browser = models.CharField(max_length=43, db_index=True)
    subject = models.CharField(max_length=64)
    holder = models.ForeignKey(Holder, null=True, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10)  # word_recovery.Stage
    proved_by = models.CharField(max_length=8, default="")  # word_recovery.Proof
    tries = models.PositiveSmallIntegerField(default=0)  # of the second proof, whichever it is
    letters = models.PositiveSmallIntegerField(default=0)  # times the e-mail was asked for
    letter_mac = models.CharField(
        max_length=64, default=""
    )  # of the code in the last e-mail; empty: none sent
    letter_expires_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)  # of the stage


class LossReport(models.Model):
    """One browser's way to tell that a card is lost. `subject` and `holder` as in WordRecovery."""

    id = models.CharField(primary_key=True, max_length=22)
    browser = models.CharField(max_length=43, db_index=True)
    subject = models.CharField(max_length=64)
    holder = models.ForeignKey(Holder, null=True, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=6)  # loss_reports.Stage
    tries = models.PositiveSmallIntegerField(default=0)  # of the proof, whichever it is
    expires_at = models.DateTimeField(db_index=True)


class Allowance(models.Model):
    """How often something was done under one name in the running window."""

    name = models.CharField(max_length=96, unique=True)
    used = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(db_index=True)
