"""Answers about status that were fetched, kept for as long as they count. They are signed: what is read here
is judged again, so that a changed row proves nothing.
"""

from __future__ import annotations

from django.db import models


class StatusAnswer(models.Model):
    """One OCSP answer or CRL. `key` (hexadecimal SHA-256) names the question: where it was fetched, and for
    OCSP of which certificate.
    """

    kind = models.CharField(max_length=4)  # ocsp, crl
    key = models.CharField(max_length=64)
    answer = models.BinaryField()
    keep_until = models.DateTimeField(db_index=True)
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_status_answer_per_question")]
