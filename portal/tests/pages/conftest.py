"""Holders before the pages: enrolled, hashed cheaply, their messages in the outbox."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Browser, expect, sync_playwright
from portal.tests import people
from portal.tests.certificates.made import Made, bring, make
from portal.tests.pages.browsing import CHROMIUM
from portal.tests.pages.walking import Walker
from pytest_django import Settings

from kilitcoz_portal.ca import ceremony
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.certificates.models import State
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import tries

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


@pytest.fixture(autouse=True)
def cheap_words(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Words are hashed cheaply, messages stay in the outbox; the demo's page shows them."""
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    settings.KILITCOZ_DEMO = True


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walkers try one after the other without the pauses between tries; signin's tests are about those."""
    monkeypatch.setattr(tries, "PAUSES", (timedelta(0),))


@pytest.fixture
def ayse(db: None) -> Holder:
    """Ayşe is enrolled."""
    return people.ayse()


@pytest.fixture
def mehmet(db: None) -> Holder:
    """Mehmet is enrolled."""
    return people.mehmet()


@pytest.fixture
def walker(ayse: Holder) -> Walker:
    """Ayşe's browser, in Turkish."""
    return Walker(Client(headers={"accept-language": "tr"}), ayse)


@pytest.fixture
def founded(tmp_path: Path, settings: Settings, db: None) -> Iterator[None]:
    """The key ceremony was held an hour ago; the clock stands. Its key files go with the test."""
    settings.KILITCOZ_CA_PUBLISHED_AT = "http://pki.ornek.example.com"
    settings.KILITCOZ_CA_PDS = {"en": "https://pki.ornek.example.com/pds-en.pdf"}
    founding = Founding("nes", "Örnek", "NTRTR-0000001", tmp_path / "kok.pem", "uzun bir parola cümlesi")
    ceremony.found(founding, people.NOW)
    with time_machine.travel(people.NOW + timedelta(hours=1), tick=False):
        yield
    shutil.rmtree(settings.KILITCOZ_DATA_DIR / "ca", ignore_errors=True)  # not there: the keys were in memory


@pytest.fixture
def ayses(founded: None, ayse: Holder) -> Made:
    """Ayşe's card, its certificates open for use."""
    made = make(ayse)
    bring(made, State.VALID)
    return made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all. Playwright's loop runs in this thread; Django must allow its presence."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
