"""Every test of signin runs on both databases, with real commits."""

from __future__ import annotations

import pytest
from portal.tests import people
from pytest_django import Settings

from kilitcoz_portal.holders.models import Holder


@pytest.fixture(autouse=True)
def cheap_words(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Words are hashed cheaply, messages stay in the outbox."""
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_SMS_GATEWAY = "outbox"


@pytest.fixture
def ayse(database: str, transactional_db: None) -> Holder:
    """Ayşe is enrolled."""
    return people.ayse()
