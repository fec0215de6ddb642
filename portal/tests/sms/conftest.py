"""Messages stay in the outbox."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def outbox(settings: Settings) -> None:
    """The gateway of these tests."""
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
