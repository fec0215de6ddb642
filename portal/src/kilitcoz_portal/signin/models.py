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
    spoken_digits = models.CharField(max_length=8)
    renderings = models.PositiveSmallIntegerField(
        default=0
    )  # pictures and sounds made of it: noise must not average out
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class WordEntries(models.Model):
    """Wrong entries of one identity number's word, per lane of browsers.

    `subject` is a keyed hash of the number, whether enrolled or not: what an outsider can observe does not
    depend on it. There is one lane so far, of browsers nobody knows; trusted browsers get lanes of their own
    beside it.
    """

    subject = models.CharField(max_length=64)
    lane = models.CharField(max_length=43)
    wrong = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "lane"], name="one_count_per_subject_and_lane")
        ]


class CodeRequest(models.Model):
    """One wish to prove the phone: for one browser, purpose and operation; re-sending replaces the code in
    it.

    Tries count over all sendings (A05, A08); only a keyed hash of the code is stored.
    """

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=43)
    purpose = models.CharField(max_length=8)  # codes.Purpose
    operation_id = models.CharField(max_length=22, default="")
    code_mac = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
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
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=20, default="")  # living.End

    class Meta:
        indexes = [models.Index(fields=["holder", "-began_at"], name="session_by_holder")]
