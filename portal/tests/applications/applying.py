"""People who apply, and the staff: Zeynep checks, Mert approves, Kerem the thief writes others' numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from portal.tests.documents.paper import text_of

from kilitcoz_portal.applications import receiving, services
from kilitcoz_portal.applications.entry import Entry
from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.holders import security_word

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NETWORK = "192.0.2.7"
ZEYNEP, MERT = "Zeynep Kaya", "Mert Aksoy"
AYSES_NUMBER, AYSES_PHONE = "10000000146", "+905321234567"
KEREMS_PHONE = "+905051112233"
WORD = "kavu meti bozura"
PRINTED_WORD = re.compile(r"^((?:[a-z]{2}){2} (?:[a-z]{2}){2} (?:[a-z]{2}){3})$", re.MULTILINE)


def entry(**other: str) -> Entry:
    """What Ayşe enters."""
    ayses = {"id_number": AYSES_NUMBER, "name": "Ayşe Yılmaz", "phone": "0532 123 45 67"}
    return Entry(**{**ayses, **other})


def claimed(now: datetime = NOW, **other: str) -> Application:
    """On the public page, in Ayşe's name."""
    return receiving.by_stranger(entry(**other), NETWORK, now)


def printed(application: Application) -> Application:
    """As if the applicant had printed the form."""
    Application.objects.filter(pk=application.pk).update(word_hash=security_word.hash_word(WORD), prints=1)
    application.refresh_from_db()
    return application


def checked(application: Application) -> Application:
    """By Zeynep, with the signed form in her hands."""
    services.check(application, NOW, by=ZEYNEP, signed=True)
    return application


def approved(application: Application) -> Application:
    """By Mert."""
    services.approve(application, NOW, by=MERT)
    return application


def word_on(form: bytes) -> str:
    """The security word that the form carries; empty where there is none."""
    found = PRINTED_WORD.findall(text_of(form))
    assert len(found) <= 1
    return found[0] if found else ""
