"""Holders and their authenticators, on both databases."""

from __future__ import annotations

import pytest
from portal.tests import people
from portal.tests.passkeys.authenticator import ORIGIN, Authenticator
from portal.tests.people import NOW
from pytest_django import Settings

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.passkeys import registering
from kilitcoz_portal.signin.passkeys.challenges import Deed, Wish


@pytest.fixture(autouse=True)
def portal_of_passkeys(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A domain by https, as passkeys need it; words hashed cheaply, messages in the outbox."""
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_ORIGIN = ORIGIN
    settings.KILITCOZ_SMS_GATEWAY = "outbox"


@pytest.fixture
def ayse(database: str, transactional_db: None) -> Holder:
    """Ayşe is enrolled."""
    return people.ayse()


@pytest.fixture
def key(ayse: Holder) -> Authenticator:
    """Ayşe's passkey, added."""
    return added(ayse)


def added(holder: Holder, authenticator: Authenticator | None = None) -> Authenticator:
    """An authenticator whose passkey this holder has added."""
    authenticator = authenticator or Authenticator()
    wish = Wish("some-browser", Deed.REGISTER)
    options = registering.options(wish, holder, "Örnek", NOW)
    registering.register(wish, holder, "telefonum", authenticator.create(options), NOW)
    return authenticator
