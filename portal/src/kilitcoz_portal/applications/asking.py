"""How far is my application? Asked with its number and the ID number; wrong ones are answered alike."""

from __future__ import annotations

from datetime import datetime, timedelta

from kilitcoz_portal.applications import queries
from kilitcoz_portal.applications.errors import ApplicationsSlowed
from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.signin import allowances

ASKED_PER_NETWORK = 60  # in an hour


def ask(number: str, id_number: str, network: str, now: datetime) -> Application:
    """Raises ApplicationUnknown, ApplicationsSlowed."""
    hour = timedelta(hours=1)
    if not allowances.take(f"application-asked:{network}", ASKED_PER_NETWORK, hour, now):
        raise ApplicationsSlowed
    return queries.of_applicant(number, id_number)
