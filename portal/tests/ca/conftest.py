"""An installation whose key ceremony has been held, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from portal.tests.ca.authority import NOW, ORGANISATION_ID
from pytest_django import Settings

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.ca.models import Authority


@pytest.fixture
def installation(tmp_path: Path, settings: Settings) -> Path:
    """Key files of this test only, and public addresses."""
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    settings.KILITCOZ_CA_PDS = {"en": "https://pki.ornek.example.com/pds-en.pdf"}
    return tmp_path


@pytest.fixture
def founded(installation: Path, db: None) -> Authority:
    """Root and issuing authority are there."""
    founding = Founding("nes", "Örnek", ORGANISATION_ID, installation / "kok.pem", "uzun bir parola cümlesi")
    return ceremony.found(founding, NOW)
