"""Words are hashed cheaply, messages stay in the outbox."""

from __future__ import annotations

import pytest
from portal.tests import people
from pytest_django import Settings


@pytest.fixture(autouse=True)
def cheap_words(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """For every test of the folder."""
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
