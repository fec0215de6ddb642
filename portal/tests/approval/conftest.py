"""Ayşe with a card of our own authority, her signature certificate valid; and a real time-stamping authority.

Time is the machine's here: `openssl ts` knows no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from demo import tsa
from demo.tsa import TimestampServer
from portal.tests.approval.consenting import Signatory, signatory
from portal.tests.people import ayse, hash_cheaply
from pytest_django import Settings

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding


@pytest.fixture
def now() -> datetime:
    """This second."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> tsa.Authority:
    """The authority's keys and certificates."""
    return tsa.found(tmp_path_factory.mktemp("tsa"), datetime.now(UTC))


@pytest.fixture
def server(stamps: tsa.Authority, settings: Settings) -> Iterator[TimestampServer]:
    """It answers, and this installation asks it."""
    with TimestampServer(stamps.stamp) as started:
        settings.KILITCOZ_TSA_URL, settings.KILITCOZ_TSA_ANCHORS = started.url, stamps.anchors
        yield started


@pytest.fixture
def founded(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Root and issuing authority."""
    hash_cheaply(monkeypatch)
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    settings.KILITCOZ_CA_PDS = {"en": "https://pki.ornek.example.com/pds-en.pdf"}
    founding = Founding("nes", "Örnek", "NTRTR-0000001", tmp_path / "kok.pem", "uzun bir parola cümlesi")
    ceremony.found(founding, now)


@pytest.fixture
def ayses(database: str, founded: None, now: datetime) -> Signatory:
    """Ayşe Yılmaz, who can sign."""
    return signatory(ayse(), now)
