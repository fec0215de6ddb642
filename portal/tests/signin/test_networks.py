"""Many wrong words from one network: it is slowed and told, and no word is blocked by it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from portal.tests.people import AYSE_WORD, NOW
from pytest_django import Settings

from kilitcoz_portal.addresses import network_of
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import lanes, networks
from kilitcoz_portal.signin.errors import NetworkSlowed, SignInRefused
from kilitcoz_portal.signin.models import NetworkEntries, WordEntries
from kilitcoz_portal.signin.words import Caller, check_word

THIEF = Caller("192.0.2.66")


def flood(numbers: int, tries: int, now: datetime = NOW, caller: Caller = THIEF) -> tuple[int, int]:
    """So many numbers, so often each: how many entries were looked at, how many were told to wait."""
    looked_at = slowed = 0
    for _ in range(tries):
        for number in range(numbers):
            try:
                check_word(f"P{number:07d}", "yanlış", caller=caller, now=now)
            except SignInRefused:
                looked_at += 1
            except NetworkSlowed:
                slowed += 1
    return looked_at, slowed


def test_a02_a_thousand_numbers_twice_from_one_address_are_slowed_told_and_block_nobody(ayse: Holder) -> None:
    looked_at, slowed = flood(1000, 2)
    assert looked_at + slowed == 2000
    assert looked_at <= 25
    assert not WordEntries.objects.filter(wrong__gte=3).exists()
    alarm = AuditEvent.objects.get(event="word-flood")
    assert alarm.detail == {"network": "192.0.2.66"}
    assert check_word(ayse.id_number, AYSE_WORD, caller=Caller("192.0.2.7"), now=NOW) == ayse


def test_a02_trusted_browsers_behind_the_slowed_address_pass(ayse: Holder) -> None:
    cookie = lanes.trust("", ayse, NOW)
    own = Caller(THIEF.network, lanes.browser_of(ayse.id_number, cookie, NOW))
    flood(40, 1)
    assert check_word(ayse.id_number, AYSE_WORD, caller=own, now=NOW) == ayse


def test_a02_a_stranger_behind_the_slowed_address_waits_and_comes_in(ayse: Holder) -> None:
    flood(40, 1)
    with pytest.raises(NetworkSlowed) as slowed:
        check_word(ayse.id_number, AYSE_WORD, caller=THIEF, now=NOW)
    later = NOW + timedelta(seconds=slowed.value.wait_seconds)
    assert check_word(ayse.id_number, AYSE_WORD, caller=THIEF, now=later) == ayse


def test_right_words_from_one_address_are_never_slowed(ayse: Holder) -> None:
    for minute in range(50):
        check_word(ayse.id_number, AYSE_WORD, caller=THIEF, now=NOW + timedelta(minutes=minute))
    assert not AuditEvent.objects.filter(event="word-flood").exists()


def test_the_more_wrong_words_the_longer_the_pause(ayse: Holder, settings: Settings) -> None:
    settings.KILITCOZ_WRONG_WORDS_HOURLY = 2
    moment, waits = NOW, []
    for number in range(14):
        with pytest.raises(SignInRefused):
            check_word(f"P{number:07d}", "yanlış", caller=THIEF, now=moment)
        pause = NetworkEntries.objects.get(network=THIEF.network).next_at - moment
        waits.append(max(0.0, pause.total_seconds()))
        moment += max(pause, timedelta(0))
    assert waits == [0, 0, 2, 2, 4, 4, 8, 8, 15, 15, 30, 30, 30, 30]


def test_an_hour_later_the_network_begins_anew(ayse: Holder) -> None:
    flood(40, 1)
    assert flood(15, 1, NOW + timedelta(hours=1)) == (15, 0)
    flood(40, 1, NOW + timedelta(hours=1))
    assert AuditEvent.objects.filter(event="word-flood").count() == 2


def test_wrong_words_from_everywhere_are_told_once_an_hour(ayse: Holder, settings: Settings) -> None:
    settings.KILITCOZ_WRONG_WORDS_ALARM = 5
    for nth in range(9):
        with pytest.raises(SignInRefused):
            check_word(f"P{nth:07d}", "yanlış", caller=Caller(f"192.0.2.{nth}"), now=NOW)
    assert AuditEvent.objects.get(event="word-flood").detail == {"network": "everywhere"}


def test_hours_that_are_over_are_cleared_away(ayse: Holder) -> None:
    flood(2, 1)
    networks.forget_old(NOW + timedelta(minutes=59))
    assert NetworkEntries.objects.count() == 2
    networks.forget_old(NOW + timedelta(minutes=60))
    assert not NetworkEntries.objects.exists()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.66", "192.0.2.66"),
        ("::ffff:192.0.2.66", "192.0.2.66"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("2001:db8::1%eth0", "2001:db8::/64"),
        ("not an address", "unknown"),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_subscriber(address: str, network: str) -> None:
    assert network_of(address) == network
