"""Trusted browsers: what the cookie opens, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.signing import Signer
from portal.tests import people
from portal.tests.people import NOW
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import lanes
from kilitcoz_portal.signin.models import TrustedBrowser


@pytest.fixture
def mehmet(ayse: Holder) -> Holder:
    """Mehmet uses the same computer."""
    return people.mehmet()


def test_a_browser_that_logged_in_is_known_as_this_holders_alone(ayse: Holder, mehmet: Holder) -> None:
    cookie = lanes.trust("", ayse, NOW)
    assert lanes.is_known(cookie, ayse, NOW)
    assert not lanes.is_known(cookie, mehmet, NOW)
    found = lanes.browser_of(" 1000 0000146 ", cookie, NOW)
    assert found is not None
    assert found.holder == ayse
    assert lanes.browser_of(mehmet.id_number, cookie, NOW) is None


@pytest.mark.parametrize("forged", ["", "x", "x:y", ":", "a.b.c", "\x00", "ı" * 200])
def test_what_we_did_not_sign_is_no_trust(ayse: Holder, forged: str) -> None:
    lanes.trust("", ayse, NOW)
    assert lanes.presented(forged, NOW) == []


def test_a_name_read_in_the_database_is_no_cookie(ayse: Holder) -> None:
    lanes.trust("", ayse, NOW)
    name = TrustedBrowser.objects.get().name
    assert lanes.presented(name, NOW) == []
    assert lanes.presented(Signer(key="thief", salt="kilitcoz.signin.lanes").sign(name), NOW) == []


def test_a_name_nobody_was_given_is_no_trust_even_if_signed(ayse: Holder) -> None:
    assert lanes.presented(Signer(salt="kilitcoz.signin.lanes").sign("invented"), NOW) == []


def test_a_copied_cookie_ends_with_the_next_full_login(ayse: Holder) -> None:
    stolen = lanes.trust("", ayse, NOW)
    renewed = lanes.trust(stolen, ayse, NOW + timedelta(days=1))
    assert not lanes.is_known(stolen, ayse, NOW + timedelta(days=1))
    assert lanes.is_known(renewed, ayse, NOW + timedelta(days=1))
    browser = TrustedBrowser.objects.get()  # still one browser, seen since
    assert (browser.created_at, browser.last_seen_at) == (NOW, NOW + timedelta(days=1))


def test_two_holders_of_one_computer_are_both_known_there(ayse: Holder, mehmet: Holder) -> None:
    cookie = lanes.trust(lanes.trust("", ayse, NOW), mehmet, NOW)
    assert lanes.is_known(cookie, ayse, NOW)
    assert lanes.is_known(cookie, mehmet, NOW)


def test_a_cookie_planted_in_anothers_browser_is_not_known_as_its_holders(
    ayse: Holder, mehmet: Holder
) -> None:
    planted = lanes.trust("", mehmet, NOW)
    lanes.trust(planted, ayse, NOW)
    assert not lanes.is_known(planted, ayse, NOW)


def test_a_cookie_carries_four_holders_at_most(ayse: Holder) -> None:
    cookie = lanes.trust("", ayse, NOW)
    for number in range(4):
        other = Holder.objects.create(
            id_number=f"P{number}00000", id_kind="passport", name="Zeynep Kaya", created_at=NOW
        )
        cookie = lanes.trust(cookie, other, NOW)
    assert len(lanes.presented(cookie, NOW)) == 4
    assert not lanes.is_known(cookie, ayse, NOW)


def test_trust_ends_when_the_browser_was_not_seen_for_long(ayse: Holder, settings: Settings) -> None:
    settings.KILITCOZ_TRUST_DAYS = 30
    cookie = lanes.trust("", ayse, NOW)
    assert lanes.is_known(cookie, ayse, NOW + timedelta(days=29))
    assert not lanes.is_known(cookie, ayse, NOW + timedelta(days=30))
    lanes.forget_old(NOW + timedelta(days=30))
    assert not TrustedBrowser.objects.exists()


def test_a_holder_can_make_strangers_of_all_browsers(ayse: Holder, mehmet: Holder) -> None:
    first, second = lanes.trust("", ayse, NOW), lanes.trust("", ayse, NOW + timedelta(hours=1))
    shared = lanes.trust(second, mehmet, NOW)
    assert [each.last_seen_at for each in lanes.browsers_of(ayse, NOW)] == [NOW + timedelta(hours=1), NOW]
    lanes.distrust_all(ayse, NOW)
    assert lanes.browsers_of(ayse, NOW) == []
    assert not lanes.is_known(first, ayse, NOW)
    assert lanes.is_known(shared, mehmet, NOW)
    assert AuditEvent.objects.get(event="browsers-distrusted").detail == {"count": 2}


def test_making_strangers_of_none_is_not_told(ayse: Holder) -> None:
    lanes.distrust_all(ayse, NOW)
    assert not AuditEvent.objects.filter(event="browsers-distrusted").exists()


def test_what_was_revoked_does_not_come_back(ayse: Holder) -> None:
    cookie = lanes.trust("", ayse, NOW)
    lanes.distrust_all(ayse, NOW)
    renewed = lanes.trust(cookie, ayse, NOW)
    assert TrustedBrowser.objects.count() == 2
    assert not lanes.is_known(cookie, ayse, NOW)
    assert lanes.is_known(renewed, ayse, NOW)
