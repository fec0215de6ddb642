"""An installation with its own authority; Ayşe's card in use."""

from __future__ import annotations

from pathlib import Path

import pytest
from portal.tests.certificates.made import Made, bring, make
from portal.tests.people import NOW, ayse, hash_cheaply
from pytest_django import Settings

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.certificates.models import State


@pytest.fixture
def founded(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key files of this test only; root and issuing authority are there."""
    hash_cheaply(monkeypatch)
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    settings.KILITCOZ_CA_PDS = {"en": "https://pki.ornek.example.com/pds-en.pdf"}
    founding = Founding("nes", "Örnek", "NTRTR-0000001", tmp_path / "kok.pem", "uzun bir parola cümlesi")
    ceremony.found(founding, NOW)


@pytest.fixture
def ayses(database: str, founded: None) -> Made:
    """Her card, its three certificates valid."""
    holder = ayse()
    holder.email = "ayse@ornek.example"
    holder.save()
    made = make(holder)
    bring(made, State.VALID)
    return made
