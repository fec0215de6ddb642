"""A trust folder of the test's own, and a server for status that the test fills."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.tests import pki
from portal.tests.pki import Credential, TrustFolder
from portal.tests.trust.status_server import StatusServer
from pytest_django.fixtures import Settings


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> TrustFolder:
    """Empty at first; nothing is fetched unless the test says so."""
    settings.KILITCOZ_TRUST_DIR = tmp_path / "trust"
    settings.KILITCOZ_TRUST_FETCH = False
    settings.KILITCOZ_TRUST_PRIVATE_ADDRESSES = True
    return TrustFolder(tmp_path / "trust")


@pytest.fixture
def root(folder: TrustFolder) -> Credential:
    """An anchor with a list on which nobody is."""
    made = pki.root()
    folder.anchor(made)
    folder.crl(made.crl())
    return made


@pytest.fixture
def bare_root(folder: TrustFolder) -> Credential:
    """An anchor of which the folder tells no status."""
    made = pki.root()
    folder.anchor(made)
    return made


@pytest.fixture
def server(folder: TrustFolder, settings: Settings) -> Iterator[StatusServer]:
    """Answers for status addresses; with it, addresses are asked."""
    settings.KILITCOZ_TRUST_FETCH = True
    with StatusServer() as running:
        yield running
