"""An installation whose key ceremony has been held; Ayşe's card, its certificates made."""

from __future__ import annotations

from pathlib import Path

import pytest
from portal.tests.certificates.made import Made, make
from portal.tests.people import NOW, ayse, hash_cheaply
from pytest_django import Settings

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding


@pytest.fixture
def founded(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key files of this test only; root and issuing authority are there."""
    hash_cheaply(monkeypatch)
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    settings.KILITCOZ_CA_PDS = {"en": "https://pki.ornek.example.com/pds-en.pdf"}
    founding = Founding("nes", "Örnek", "NTRTR-0000001", tmp_path / "kok.pem", "uzun bir parola cümlesi")
    ceremony.found(founding, NOW)


@pytest.fixture
def ayses(database: str, founded: None) -> Made:
    """Ayşe's card with its three certificates, still at the desk."""
    return make(ayse())
