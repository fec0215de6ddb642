"""A trust folder of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from portal.tests import pki
from portal.tests.pki import Credential, TrustFolder
from pytest_django.fixtures import Settings


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> TrustFolder:
    """Empty at first; nothing is fetched unless the test says so."""
    settings.KILITCOZ_TRUST_DIR = tmp_path / "trust"
    settings.KILITCOZ_TRUST_FETCH = False
    return TrustFolder(tmp_path / "trust")


@pytest.fixture
def root(folder: TrustFolder) -> Credential:
    """An anchor with a list on which nobody is."""
    made = pki.root()
    folder.anchor(made)
    folder.crl(made.crl())
    return made
