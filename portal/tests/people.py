"""The cast on the holder's side, as rows; words are hashed cheaply (see `cheap_words` in the folders'
conftests).
"""

from __future__ import annotations

from datetime import UTC, datetime

import argon2
import pytest

from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.models import Card, Holder

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AYSE_WORD = "mavi kiraz bahçesi"
MEHMET_WORD = "eski köprü yolu"


def hash_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with the least parameters, for real words and for nobody's alike."""
    hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(security_word, "_HASHER", hasher)
    monkeypatch.setattr(security_word, "_NOBODYS", hasher.hash(b"nobody"))


def ayse(phone: str = "+905321234567") -> Holder:
    """Ayşe Yılmaz, with her word."""
    return _holder("10000000146", "Ayşe Yılmaz", phone, AYSE_WORD)


def mehmet() -> Holder:
    """Mehmet Demir, the other holder."""
    return _holder("20000000046", "Mehmet Demir", "+905329876543", MEHMET_WORD)


def card_of(holder: Holder, serial: str = "90214821") -> Card:
    """A blocked PIV card of this holder."""
    return Card.objects.create(
        holder=holder,
        family="piv",
        card_id=(serial * 4)[:32],
        serial=serial,
        pin_blocked=True,
        pin_retries_left=0,
        puk_blocked=False,
        puk_retries_left=3,
        seen_at=NOW,
        created_at=NOW,
    )


def _holder(id_number: str, name: str, phone: str, word: str) -> Holder:
    return Holder.objects.create(
        id_number=id_number,
        id_kind=Holder.IdKind.TCKN,
        name=name,
        phone=phone,
        security_word_hash=security_word.hash_word(word),
        created_at=NOW,
    )
