"""An authority whose key ceremony has just been held."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from portal.tests.ca.authority import ORGANISATION_ID
from pytest_django import Settings

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.ca.models import Authority


@pytest.fixture
def founded(tmp_path: Path, settings: Settings, transactional_db: None) -> Authority:
    """Founded now: OpenSSL judges by the clock."""
    settings.KILITCOZ_DATA_DIR = tmp_path
    founding = Founding("nes", "Örnek", ORGANISATION_ID, tmp_path / "kok.pem", "uzun bir parola cümlesi")
    return ceremony.found(founding, timezone.now())
