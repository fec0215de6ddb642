"""A portal whose certificates come from the stand-in, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.tests.ca.authority import NOW
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.served import RegistrationAuthority, configure, registration_authority, served
from portal.tests.ca.cmp.stand_in import StandIn
from pytest_django import Settings

from kilitcoz_portal.ca.cmp import enrolment, revocation


@pytest.fixture(autouse=True)
def nobody_sleeps(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The clock is the test's: where the portal waits for the authority, it goes on at once."""
    if "clock" in request.fixturenames:
        for waits in (enrolment, revocation):
            monkeypatch.setattr(waits, "sleep", lambda seconds: None)


@pytest.fixture
def ours(tmp_path: Path) -> RegistrationAuthority:
    """The portal's key and certificate at the authority."""
    return registration_authority(tmp_path)


@pytest.fixture
def clock() -> Clock:
    """The time on both sides."""
    return Clock(NOW)


@pytest.fixture
def elsewhere(
    ours: RegistrationAuthority, tmp_path: Path, settings: Settings, clock: Clock
) -> Iterator[StandIn]:
    """The stand-in, reachable, and the settings that lead to it."""
    with served(ours.certificate, clock.now) as stand_in:
        configure(settings, tmp_path, f"{stand_in.url}/cmp", ours)
        yield stand_in
