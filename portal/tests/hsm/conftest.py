"""A token of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from portal.tests.hsm.softhsm import SoftToken, new_token, place
from pytest_django import Settings


@pytest.fixture
def token(tmp_path: Path, settings: Settings) -> SoftToken:
    """Initialised, empty."""
    place()
    return new_token(tmp_path, settings)
