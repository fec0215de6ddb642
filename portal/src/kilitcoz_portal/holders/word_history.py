"""From one security word to the next: none of the last ones comes back, and the old one is worth nothing from
the same moment on.

`prepare` computes hashes (a second or two) and touches nothing; `replace` writes, in the deed's transaction.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kilitcoz_portal.holders import security_word, word_rules
from kilitcoz_portal.holders.errors import WordUnchanged, WordUsedBefore
from kilitcoz_portal.holders.models import FormerWord, Holder

KEPT = 5  # former words, beside the one in use: so many hashes are compared, no more


def prepare(holder: Holder, word: str) -> str:
    """The hash of a word that may become the holder's. Raises the SecurityWordWeak of the rule it breaks."""
    word_rules.check(word, *known_of(holder))
    if security_word.matches(word, holder.security_word_hash):
        raise WordUnchanged
    former = holder.former_words.order_by("-pk").values_list("word_hash", flat=True)[:KEPT]
    if any(security_word.matches(word, word_hash) for word_hash in former):
        raise WordUsedBefore
    return security_word.hash_word(word)


def replace(holder: Holder, word_hash: str, now: datetime, *, expires_at: datetime | None = None) -> None:
    """Put the word behind this hash in the old one's place. `expires_at`: a word that others have seen, to be
    changed at the next login, and good until then at most.
    """
    with transaction.atomic():
        row = Holder.objects.select_for_update().get(pk=holder.pk)
        FormerWord.objects.create(holder=row, word_hash=row.security_word_hash, replaced_at=now)
        kept = row.former_words.order_by("-pk").values_list("pk", flat=True)[:KEPT]
        row.former_words.exclude(pk__in=list(kept)).delete()
        row.security_word_hash, row.word_expires_at = word_hash, expires_at
        row.save(update_fields=["security_word_hash", "word_expires_at"])
    holder.security_word_hash, holder.word_expires_at = word_hash, expires_at


def known_of(holder: Holder) -> tuple[str, ...]:
    """What a stranger may know of the holder, and a word must not be made of."""
    return (holder.name, holder.id_number, holder.phone, holder.email, holder.application_number)
