"""A provider that can lie, and the portal that is registered there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.tests import people
from portal.tests.oidc import lying_provider
from portal.tests.oidc.lying_provider import CLIENT, SECRET, Provider
from pytest_django import Settings

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.oidc import metadata


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    """Our client secret, as an administrator writes it."""
    path = tmp_path / "oidc.secret"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def provider(settings: Settings, secret_file: Path) -> Iterator[Provider]:
    """It runs, the settings name it, and nothing of another test's is kept."""
    metadata.forget()
    with lying_provider.running() as running:
        settings.KILITCOZ_OIDC_ISSUER = running.issuer
        settings.KILITCOZ_OIDC_CLIENT_ID = CLIENT
        settings.KILITCOZ_OIDC_SECRET_FILE = str(secret_file)
        settings.KILITCOZ_OIDC_CLAIM = "kimlik_no"
        yield running


@pytest.fixture
def ayse(monkeypatch: pytest.MonkeyPatch, transactional_db: None, database: str) -> Holder:
    """Ayşe is enrolled, on both databases."""
    people.hash_cheaply(monkeypatch)
    return people.ayse()
