"""An installation with its own authority, and Ayşe's new card: its PIN is one that nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from portal.tests.activation.new_card import NewCard, hand_over
from portal.tests.cast import NOW, ayse
from pytest_django import Settings

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding


@pytest.fixture
def founded(tmp_path: Path, settings: Settings) -> None:
    """Key files of this test only; root and issuing authority are there."""
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    settings.KILITCOZ_CA_PDS = {"en": "https://pki.ornek.example.com/pds-en.pdf"}
    founding = Founding("nes", "Örnek", "NTRTR-0000001", tmp_path / "kok.pem", "uzun bir parola cümlesi")
    ceremony.found(founding, NOW)


@pytest.fixture
def ayses(database: str, founded: None) -> NewCard:
    """Her card as it came by post."""
    return hand_over(ayse())
